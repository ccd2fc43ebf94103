import SendHorizontal from 'lucide-solid/icons/send-horizontal';
import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';

/** Text into a call that is otherwise spoken. */
export function Composer(props: { isEnabled: boolean; onSend: (text: string) => void }): JSX.Element {
  const { t } = useI18n();
  const [text, setText] = createSignal('');
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const message = text().trim();
    if (message === '' || !props.isEnabled) return;
    props.onSend(message);
    setText('');
  }
  return (
    <form class="flex gap-2 border-t border-border p-3" onSubmit={submit}>
      <input
        class="field"
        aria-label={t('composer.label')}
        placeholder={t('composer.placeholder')}
        autocomplete="off"
        disabled={!props.isEnabled}
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <Button
        type="submit"
        disabled={!props.isEnabled || text().trim() === ''}
        aria-label={t('composer.send')}
      >
        <SendHorizontal aria-hidden="true" class="size-4" />
        <span class="max-sm:hidden">{t('composer.send')}</span>
      </Button>
    </form>
  );
}
