/** Preloaded into the peer, which binds every interface and offers no setting for it. */
import { Server } from 'node:net';

// oxlint-disable-next-line typescript/unbound-method -- because it is called with the server it was taken from
const { listen } = Server.prototype;

Server.prototype.listen = function listenOnLoopback(this: Server, ...args: unknown[]): Server {
  const [port, ...rest] = args;
  const callback = rest.findLast((value) => typeof value === 'function');
  return Reflect.apply(listen, this, [{ port: Number(port), host: '127.0.0.1' }, callback]);
};
