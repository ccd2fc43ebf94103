import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Fact, Panel } from '../../ui/panel.tsx';
import { useCan } from '../shell/viewer.ts';
import { groupFingerprint } from './node-state.ts';
import { useNodeText } from './node-text.ts';
import type { NodeDetail } from './node-types.ts';

/** How a node proves who it is, and what it may then. */
export function IdentityPanel(props: { node: NodeDetail; onEdit: () => void }): JSX.Element {
  const { t } = useNodeText();
  const can = useCan();
  return (
    <Panel
      title={t('identity.title')}
      aside={
        <CopyButton
          text={() => props.node.publicKey}
          label={t('identity.copyKey')}
          class="border border-control !px-2.5"
        >
          {t('identity.publicKey')}
        </CopyButton>
      }
    >
      <dl class="flex flex-col gap-4">
        <Fact label={t('identity.fingerprint')}>
          <span class="flex items-start gap-1">
            <code class="min-w-0 wrap-anywhere font-mono text-caption leading-5" data-testid="fingerprint">
              {groupFingerprint(props.node.keyFingerprint)}
            </code>
            <CopyButton
              text={() => props.node.keyFingerprint}
              label={t('identity.copyFingerprint')}
              class="shrink-0"
            />
          </span>
        </Fact>
        <Fact label={t('identity.scopes')}>
          <Show
            when={props.node.scopes.length > 0}
            fallback={<span class="text-text-2">{t('identity.noScopes')}</span>}
          >
            <ul class="flex flex-col gap-1.5 pt-0.5">
              <For each={props.node.scopes}>
                {(scope) => (
                  <li>
                    <code class="font-mono text-caption leading-5">{scope}</code>
                    <span class="block text-caption text-text-3">{t(`scope.${scope}`)}</span>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        </Fact>
      </dl>
      <Show when={can('nodes:write')}>
        <div>
          <Button size="compact" onClick={() => props.onEdit()}>
            {t('identity.edit')}
          </Button>
        </div>
      </Show>
    </Panel>
  );
}
