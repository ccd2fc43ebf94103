import { resolveTemplate, translator } from '@solid-primitives/i18n';
import type { BaseTemplateArgs } from '@solid-primitives/i18n';
import { createContext, createMemo, createResource, Show, useContext } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from './context.tsx';
import type { Locale } from './dictionary.ts';
import type { I18n } from './i18n.ts';

type SectionLoaders<TKey extends string> = Readonly<
  Record<Locale, () => Promise<Readonly<Record<TKey, string>>>>
>;

export type SectionText<TKey extends string> = Pick<I18n, 'format' | 'locale'> & {
  t: (key: TKey, values?: BaseTemplateArgs) => string;
  plural: (key: PluralStem<TKey>, count: number) => string;
};

type PluralStem<TKey extends string> = TKey extends `${infer Stem}.one` ? Stem : never;

export type Section<TKey extends string> = {
  Provider: (props: { children: JSX.Element }) => JSX.Element;
  useText: () => SectionText<TKey>;
};

/**
 * The words of one part of the app, which come with its pages instead of with the first view. English is the source
 * here too; while another language loads, the old one stays.
 */
export function createSection<TSource extends Readonly<Record<string, string>>>(
  loaders: SectionLoaders<keyof TSource & string>,
): Section<keyof TSource & string> {
  type Key = keyof TSource & string;
  const Context = createContext<SectionText<Key>>();

  function Provider(props: { children: JSX.Element }): JSX.Element {
    const { locale, format } = useI18n();
    const [words] = createResource(locale, (wanted) => loaders[wanted]());
    const rules = createMemo(() => new Intl.PluralRules(locale()));
    const translate = translator<Readonly<Record<string, string>>>(() => words.latest, resolveTemplate);
    // The provider renders nothing before the words are there.
    const t = (key: string, values?: BaseTemplateArgs) => translate(key, values) ?? key;
    const plural = (key: string, count: number) => {
      const form = rules().select(count) === 'one' ? 'one' : 'other';
      return t(`${key}.${form}`, { count: format().integer(count) });
    };
    return (
      <Show when={words.latest !== undefined}>
        <Context.Provider value={{ t, plural, format, locale }}>{props.children}</Context.Provider>
      </Show>
    );
  }

  return {
    Provider,
    useText() {
      const value = useContext(Context);
      if (value === undefined) throw new Error('The words of this section are used outside of it');
      return value;
    },
  };
}
