import type { RouterInputs, RouterOutputs } from '@ephemera/api';

type Keys = RouterOutputs['accessKeys'];

export type KeyList = Keys['list'];
export type KeySummary = KeyList['items'][number];
export type KeyState = KeySummary['state'];
export type KeyEnvironment = KeySummary['environment'];
export type KeyScope = KeyList['scopes'][number];
export type BudgetUse = NonNullable<KeySummary['budget']>;
export type CreateInput = RouterInputs['accessKeys']['create'];
export type CreatedKey = Keys['create'];
export type RotatedKey = Keys['rotate'];
