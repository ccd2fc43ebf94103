import { createSignal, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { CodeLine } from '../../ui/code-line.tsx';
import { TextField } from '../../ui/field.tsx';
import { parseOrigins } from './welcome-steps.ts';
import { useWelcomeText } from './welcome-text.ts';

/** Whose pages may call from a browser. It is said where the server starts, so here it is only written down. */
export function OriginsStep(): JSX.Element {
  const { t } = useWelcomeText();
  const [text, setText] = createSignal(location.origin);
  const origins = () => parseOrigins(text());
  return (
    <>
      <p class="text-body text-text-2">{t('origins.text')}</p>
      <TextField
        id="welcome-origin"
        label={t('origins.field')}
        hint={t('origins.hint')}
        error={origins() === null ? t('origins.wrong') : null}
        class="font-mono"
        inputmode="url"
        autocomplete="off"
        spellcheck={false}
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <Show when={origins()}>
        {(found) => <CodeLine code={`ALLOWED_ORIGINS=${found()}`} copyLabel={t('origins.copy')} />}
      </Show>
      <p class="text-table text-text-2">{t('origins.keys')}</p>
    </>
  );
}
