import Clock from 'lucide-solid/icons/clock';
import type { JSX } from 'solid-js';

import { Button } from '../../ui/button.tsx';
import { PageHeader } from '../../ui/page.tsx';
import { Notice } from '../../ui/states.tsx';
import { useAccountText } from '../settings/account-text.ts';
import { createSecondFactor, SecondFactorFields, SecondFactorSubmit } from './second-factor-form.tsx';
import type { SecondFactorProps } from './second-factor-form.tsx';

/** The code after the password, where the account asks for one. */
export function SignInSecondStep(props: SecondFactorProps & { onBack: () => void }): JSX.Element {
  const { t } = useAccountText();
  const model = createSecondFactor(props);
  function handleSubmit(event: SubmitEvent): void {
    event.preventDefault();
    model.submit();
  }
  return (
    <>
      <PageHeader title={t('factor.title')} />
      <form class="flex flex-col gap-4" novalidate aria-label={t('factor.title')} onSubmit={handleSubmit}>
        <SecondFactorFields model={model} />
        <SecondFactorSubmit model={model} isLarge />
        <Button variant="quiet" onClick={() => props.onBack()}>
          {t('factor.back')}
        </Button>
      </form>
    </>
  );
}

export function ExpiredNotice(): JSX.Element {
  const { t } = useAccountText();
  return (
    <Notice tone="warning" icon={<Clock aria-hidden="true" />} isAlert>
      {t('factor.expired')}
    </Notice>
  );
}
