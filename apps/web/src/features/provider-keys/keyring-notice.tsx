import KeyRound from 'lucide-solid/icons/key-round';
import type { JSX } from 'solid-js';

import { CodeLine } from '../../ui/code-line.tsx';
import { useKeyText } from './key-text.ts';

/** Makes a first version of a keyring on any machine with OpenSSL. */
const KEYRING_COMMAND = 'echo "KEYRING=1:$(openssl rand -base64 32)" >> .env';

export function KeyringNotice(): JSX.Element {
  const { t } = useKeyText();
  return (
    <section class="card flex flex-col gap-3 p-4 sm:p-5" aria-labelledby="keyring-title">
      <div class="flex items-start gap-3">
        <span class="grid size-9 shrink-0 place-items-center rounded-full bg-warning-soft text-warning">
          <KeyRound aria-hidden="true" class="size-4.5" />
        </span>
        <div class="min-w-0">
          <h2 id="keyring-title" class="text-body font-semibold">
            {t('keyring.title')}
          </h2>
          <p class="max-w-[68ch] text-body text-text-2">{t('keyring.text')}</p>
        </div>
      </div>
      <CodeLine code={KEYRING_COMMAND} copyLabel={t('keyring.copyLabel')} />
      <p class="text-table text-text-2">{t('keyring.after')}</p>
    </section>
  );
}
