import type { RouterInputs, RouterOutputs } from '@ephemera/api';

type Nodes = RouterOutputs['nodes'];

export type NodeSummary = Nodes['list']['items'][number];
export type NodeDetail = Nodes['get'];
export type NodeScope = NodeDetail['scopes'][number];
export type RegionSummary = Nodes['summarizeRegions']['regions'][number];
export type Heartbeats = Nodes['listHeartbeats'];
export type Heartbeat = Heartbeats['items'][number];
export type NodeSignIn = Nodes['listSignIns']['items'][number];
export type MessageBox = RouterInputs['nodes']['listMessages']['box'];
export type MessageEnvelope = Nodes['listMessages']['items'][number];
export type RegistrationToken = Nodes['listRegistrationTokens']['items'][number];
export type CreatedToken = Nodes['createRegistrationToken'];
export type TokenInput = RouterInputs['nodes']['createRegistrationToken'];

/** All that a node can be given; one that is new on the server does not compile without its line. */
const SCOPES: Readonly<Record<NodeScope, true>> = {
  'nodes:read': true,
  'nodes:write-own': true,
  'messages:send': true,
  'messages:read-own': true,
  'metrics:read': true,
  'keys:read-for-service': true,
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because these are the names of SCOPES itself
export const NODE_SCOPES = Object.keys(SCOPES) as readonly NodeScope[];

/** What a worker needs that is found, talks and is measured; not the keys of providers. */
export const USUAL_SCOPES: readonly NodeScope[] = NODE_SCOPES.filter(
  (scope) => scope !== 'keys:read-for-service',
);

export function isNodeScope(text: string): text is NodeScope {
  return text in SCOPES;
}
