import { createSignal, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { createAction } from '../../ui/action.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
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
  const { client } = useApi();
  const [grace, setGrace] = createSignal<Grace>('86400');
  const request = createAction((graceSeconds: number) =>
    client.accessKeys.rotate.mutate({ id: props.summary.id, graceSeconds }),
  );
  async function rotate(): Promise<void> {
    const rotated = await request.run(Number(grace()));
    if (rotated !== null) props.onRotated(rotated);
  }
  return (
    <FormDialog
      title={t('rotate.title', { name: props.summary.name })}
      lead={t('rotate.lead')}
      submitLabel={t('rotate.submit')}
      submittingLabel={t('rotate.submitting')}
      isBusy={request.state().status === 'running'}
      onSubmit={() => void rotate()}
      onClose={props.onClose}
    >
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
    </FormDialog>
  );
}
