import { A } from '@solidjs/router';
import Compass from 'lucide-solid/icons/compass';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { PageHeader } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';

/** A page with nothing on it but why, and the way back. */
export function DeadEnd(props: {
  icon: JSX.Element;
  heading: string;
  title: string;
  text: string;
}): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="flex flex-col gap-5">
      <PageHeader title={props.heading} />
      <div class="card">
        <EmptyState
          icon={props.icon}
          title={props.title}
          text={props.text}
          action={
            <A href="/playground" class={buttonClass('primary')}>
              {t('notFound.action')}
            </A>
          }
        />
      </div>
    </div>
  );
}

export function NotFoundPage(): JSX.Element {
  const { t } = useI18n();
  return (
    <DeadEnd
      icon={<Compass aria-hidden="true" />}
      heading={t('notFound.title')}
      title={t('notFound.title')}
      text={t('notFound.text')}
    />
  );
}
