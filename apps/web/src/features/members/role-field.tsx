import type { JSX } from 'solid-js';

import { RadioCards } from '../../ui/radio-cards.tsx';
import { useAccountText } from '../settings/account-text.ts';
import { MEMBER_ROLES } from './member-types.ts';
import type { MemberRole } from './member-types.ts';

/** What somebody may do, from most to least, each with a word of it. */
export function RoleField(props: { role: MemberRole; onChange: (role: MemberRole) => void }): JSX.Element {
  const { t } = useAccountText();
  return (
    <RadioCards
      name="member-role"
      label={t('field.role')}
      value={props.role}
      cards={MEMBER_ROLES.map((value) => ({
        value,
        label: t(`role.${value}`),
        hint: t(`role.${value}.text`),
      }))}
      onChange={(role) => props.onChange(role)}
    />
  );
}
