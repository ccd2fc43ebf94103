import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { CODE_FLAVOURS, CODE_NAMES, writeCode } from './code-samples.ts';
import type { CodeFlavour, CodeInput } from './code-samples.ts';

export function CodeTab(props: { input: CodeInput }): JSX.Element {
  const { t } = useI18n();
  const [flavour, setFlavour] = createSignal<CodeFlavour>('client');
  const code = () => writeCode(flavour(), props.input);
  return (
    <div class="flex min-h-0 flex-1 flex-col gap-3">
      <Segmented
        name="code-flavour"
        label={t('code.flavour')}
        value={flavour()}
        onChange={setFlavour}
        segments={CODE_FLAVOURS.map((value) => ({ value, label: CODE_NAMES[value] }))}
      />
      <div class="flex items-center justify-between gap-3">
        <p class="text-caption text-text-3">{t('code.note')}</p>
        <CopyButton text={code} label={t('copy.copy')} class="shrink-0" />
      </div>
      <pre
        class="min-h-60 flex-1 overflow-auto rounded-control bg-surface p-3 font-mono text-caption scroll-quiet"
        tabindex="0"
        role="region"
        aria-label={CODE_NAMES[flavour()]}
        data-testid="code"
      >
        {code()}
      </pre>
    </div>
  );
}
