import { createUniqueId, For } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { isLocale, LOCALE_NAMES, LOCALES } from '../../i18n/dictionary.ts';
import { Field, Select } from '../../ui/field.tsx';

export function LanguageSelect(): JSX.Element {
  const i18n = useI18n();
  const id = createUniqueId();
  function choose(value: string): void {
    if (isLocale(value)) void i18n.setLocale(value);
  }
  return (
    <Field id={id} label={i18n.t('language.label')}>
      <Select id={id} onChange={(event) => choose(event.currentTarget.value)}>
        <For each={LOCALES}>
          {(locale) => (
            <option value={locale} lang={locale} selected={locale === i18n.locale()}>
              {LOCALE_NAMES[locale]}
            </option>
          )}
        </For>
      </Select>
    </Field>
  );
}
