import LoaderCircle from 'lucide-solid/icons/loader-circle';
import { createSignal, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { RadioCards } from '../../ui/radio-cards.tsx';
import { ActionFailure } from './key-error.tsx';
import { useKeyText } from './key-text.ts';
import type { KeySummary, RotatedKey } from './key-types.ts';

const GRACES = ['0', '3600', '86400', '604800'] as const;
type Grace = (typeof GRACES)[number];

function LastUse(props: { summary: KeySummary; now: number }): JSX.Element {
  const { t, format } = useKeyText();
  return (
    <p class="text-table text-text-2">
      <Show when={props.summary.lastUsedAt} fallback={t('rotate.neverUsed')}>
        {(at) =>
          t('rotate.lastUsed', {
            time: format().relative(new Date(at()), new Date(props.now)),
            network: props.summary.lastUsedPrefix ?? '—',
          })
        }
      </Show>
    </p>
  );
}

/** A new secret for the same key; the old one goes on for as long as one says. */
export function RotateDialog(props: {
  summary: KeySummary;
  now: number;
  onClose: () => void;
  onRotated: (rotated: RotatedKey) => void;
}): JSX.Element {
  const { t } = useKeyText();
  const i18n = useI18n();
  const { client } = useApi();
  const [grace, setGrace] = createSignal<Grace>('86400');
  const request = createAction((graceSeconds: number) =>
    client.accessKeys.rotate.mutate({ id: props.summary.id, graceSeconds }),
  );
  const isSending = () => request.state().status === 'running';
  async function rotate(): Promise<void> {
    const rotated = await request.run(Number(grace()));
    if (rotated !== null) props.onRotated(rotated);
  }
  function handleSubmit(event: SubmitEvent): void {
    event.preventDefault();
    if (!isSending()) void rotate();
  }
  return (
    <Dialog
      title={t('rotate.title', { name: props.summary.name })}
      lead={t('rotate.lead')}
      isBusy={isSending()}
      onClose={props.onClose}
    >
      <form class="flex min-h-0 flex-col" onSubmit={handleSubmit}>
        <DialogBody>
          <LastUse summary={props.summary} now={props.now} />
          <RadioCards
            name="grace"
            label={t('rotate.grace')}
            value={grace()}
            cards={GRACES.map((value) => ({
              value,
              label: t(`grace.${value}`),
              hint: t(`grace.hint.${value}`),
            }))}
            onChange={setGrace}
          />
          <ActionFailure state={request.state()} />
        </DialogBody>
        <DialogFooter>
          <Button variant="quiet" disabled={isSending()} onClick={() => props.onClose()}>
            {i18n.t('action.cancel')}
          </Button>
          <Button type="submit" variant="primary" disabled={isSending()}>
            <Show when={isSending()} fallback={t('rotate.submit')}>
              <LoaderCircle aria-hidden="true" class="size-4 animate-turn" />
              {t('rotate.submitting')}
            </Show>
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
