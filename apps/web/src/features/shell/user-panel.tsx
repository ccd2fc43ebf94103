import Keyboard from 'lucide-solid/icons/keyboard';
import LogOut from 'lucide-solid/icons/log-out';
import { createSignal, lazy, Show, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { LanguageSelect } from './language-select.tsx';
import { listNavGroups } from './nav-items.ts';
import { ShortcutTextProvider, useShortcutText } from './shortcuts/shortcut-text.ts';
import { ThemePicker } from './theme-picker.tsx';
import { useCan, useViewer } from './viewer.ts';

const ShortcutSheet = lazy(async () => ({
  default: (await import('./shortcuts/shortcut-sheet.tsx')).ShortcutSheet,
}));

export type Placement = 'side' | 'bottom';

/** Shortcuts need keys: a phone has none. */
function ShortcutsButton(): JSX.Element {
  const { t } = useShortcutText();
  const can = useCan();
  const [isOpen, setIsOpen] = createSignal(false);
  return (
    <>
      <Button class="max-sm:hidden" onClick={() => setIsOpen(true)}>
        <Keyboard aria-hidden="true" class="size-4" />
        {t('title')}
      </Button>
      <Show when={isOpen()}>
        <Suspense>
          <ShortcutSheet
            items={listNavGroups(can).flatMap((group) => group.items)}
            onClose={() => setIsOpen(false)}
          />
        </Suspense>
      </Show>
    </>
  );
}

/** Who is signed in, and how the page looks to them. It comes when it is opened. */
export function UserPanel(props: { id: string; placement: Placement }): JSX.Element {
  const { t } = useI18n();
  const { auth } = useApi();
  const viewer = useViewer();

  async function signOut(): Promise<void> {
    // Whatever the server says, this page forgets the user.
    await auth.signOut().catch(() => undefined);
    // A fresh page remembers nothing.
    location.assign('/login');
  }

  const place = () =>
    props.placement === 'side'
      ? 'bottom-0 start-[calc(100%+8px)] w-76 xl:bottom-[calc(100%+8px)] xl:start-0'
      : 'bottom-[calc(100%+8px)] inset-x-2';
  return (
    <div
      id={props.id}
      role="dialog"
      aria-label={t('user.menu')}
      class={`absolute z-30 flex animate-appear flex-col gap-4 rounded-dialog border border-border bg-bg p-4 shadow-popover ${place()}`}
    >
      <div class="flex min-w-0 flex-col">
        <p class="text-caption text-text-3">{t('user.signedInAs')}</p>
        <p class="truncate text-body font-semibold text-text">{viewer().name}</p>
        <p class="truncate text-table text-text-2">{viewer().email}</p>
        <p class="text-table text-text-2">{t(`user.role.${viewer().role ?? 'user'}`)}</p>
      </div>
      <div class="flex flex-col gap-1.5">
        <p class="text-table font-medium">{t('theme.label')}</p>
        <ThemePicker name={`theme-${props.placement}`} />
      </div>
      <LanguageSelect />
      <ShortcutTextProvider>
        <ShortcutsButton />
      </ShortcutTextProvider>
      <Button onClick={() => void signOut()}>
        <LogOut aria-hidden="true" class="size-4" />
        {t('user.signOut')}
      </Button>
    </div>
  );
}
