import LogOut from 'lucide-solid/icons/log-out';
import Monitor from 'lucide-solid/icons/monitor';
import Moon from 'lucide-solid/icons/moon';
import Sun from 'lucide-solid/icons/sun';
import { createSignal, createUniqueId, onCleanup, onMount, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { useI18n } from '../../i18n/context.tsx';
import { usePreferences } from '../../preferences.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { LanguageSelect } from './language-select.tsx';
import { findInitials } from './initials.ts';
import { useViewer } from './viewer.ts';

type Placement = 'side' | 'bottom';

export function ThemePicker(props: { name: string }): JSX.Element {
  const { t } = useI18n();
  const preferences = usePreferences();
  return (
    <Segmented
      name={props.name}
      label={t('theme.label')}
      value={preferences.theme()}
      onChange={preferences.setTheme}
      segments={[
        { value: 'system', label: t('theme.system'), icon: <Monitor aria-hidden="true" /> },
        { value: 'light', label: t('theme.light'), icon: <Sun aria-hidden="true" /> },
        { value: 'dark', label: t('theme.dark'), icon: <Moon aria-hidden="true" /> },
      ]}
    />
  );
}

function UserPanel(props: { id: string; placement: Placement }): JSX.Element {
  const { t } = useI18n();
  const { auth } = useApi();
  const viewer = useViewer();

  async function signOut(): Promise<void> {
    // Whatever the server says, this page forgets the user.
    await auth.signOut().catch(() => undefined);
    // A fresh page remembers nothing; a running call reports its end as this one goes.
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
      <Button onClick={() => void signOut()}>
        <LogOut aria-hidden="true" class="size-4" />
        {t('user.signOut')}
      </Button>
    </div>
  );
}

/** A disclosure, not a menu: its content are form controls. Esc and a click elsewhere close it. */
export function UserMenu(props: { placement: Placement }): JSX.Element {
  const { t } = useI18n();
  const viewer = useViewer();
  const name = () => viewer().name ?? viewer().email ?? '';
  const [isOpen, setIsOpen] = createSignal(false);
  const panelId = createUniqueId();
  const [container, setContainer] = createSignal<HTMLElement | null>(null);
  const [trigger, setTrigger] = createSignal<HTMLElement | null>(null);

  function closeOnOutside(event: Event): void {
    if (event.target instanceof Node && container()?.contains(event.target) === false) setIsOpen(false);
  }
  function closeOnEscape(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !isOpen()) return;
    setIsOpen(false);
    trigger()?.focus();
  }
  onMount(() => {
    document.addEventListener('pointerdown', closeOnOutside);
    document.addEventListener('focusin', closeOnOutside);
    document.addEventListener('keydown', closeOnEscape);
    onCleanup(() => {
      document.removeEventListener('pointerdown', closeOnOutside);
      document.removeEventListener('focusin', closeOnOutside);
      document.removeEventListener('keydown', closeOnEscape);
    });
  });

  return (
    <div ref={setContainer} class={props.placement === 'side' ? 'relative' : 'contents'}>
      <button
        ref={setTrigger}
        type="button"
        class="flex min-h-13 w-full flex-col items-center justify-center gap-1 rounded-control px-0.5 text-caption font-medium text-text-2 transition-colors hover:bg-muted hover:text-text xl:min-h-11 xl:flex-row xl:justify-start xl:gap-2.5 xl:px-2.5 xl:text-start"
        aria-expanded={isOpen()}
        aria-controls={panelId}
        aria-haspopup="dialog"
        onClick={() => setIsOpen(!isOpen())}
      >
        <span
          aria-hidden="true"
          class="grid size-6 shrink-0 place-items-center rounded-full bg-accent text-[11px] font-semibold leading-none text-on-accent xl:size-7"
        >
          {findInitials(name())}
        </span>
        <span class="sr-only xl:hidden">{name()}, </span>
        <span class="max-w-full truncate xl:hidden">{t(`user.role.${viewer().role ?? 'user'}`)}</span>
        <span class="hidden min-w-0 flex-1 xl:block">
          <span class="block truncate text-table text-text">{name()}</span>
          <span class="block text-caption font-normal text-text-3">
            {t(`user.role.${viewer().role ?? 'user'}`)}
          </span>
        </span>
        <span class="sr-only">, {t('user.menu')}</span>
      </button>
      <Show when={isOpen()}>
        <UserPanel id={panelId} placement={props.placement} />
      </Show>
    </div>
  );
}
