import { connect, type Socket } from 'node:net';

/**
 * Opens a TCP connection to a mail server. The name means what the system's resolver says (hosts file, nsswitch), and every address that it
 * gives is tried: nodemailer asks DNS servers itself.
 * @param timeout milliseconds
 * @throws what the system says, or the reason of `hangUp`
 */
export function connectTo(
  host: string,
  port: number,
  timeout: number,
  hangUp: AbortSignal | undefined,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, autoSelectFamily: true });
    const finish = (error?: Error): void => {
      socket.off('connect', onConnect);
      socket.off('error', finish);
      socket.off('timeout', onTimeout);
      hangUp?.removeEventListener('abort', onHangUp);
      socket.setTimeout(0);
      if (error === undefined) resolve(socket);
      else {
        socket.destroy();
        reject(error);
      }
    };
    const onConnect = () => finish();
    const onTimeout = () => finish(new Error(`no connection to ${host}:${port} within ${timeout / 1000} s`));
    const onHangUp = () => finish(hangUp?.reason as Error);
    socket.setTimeout(timeout);
    socket.on('connect', onConnect).on('error', finish).on('timeout', onTimeout);
    hangUp?.addEventListener('abort', onHangUp);
    if (hangUp?.aborted === true) onHangUp();
  });
}

/** Whether the other end is this machine. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address);
}
