import { AuthenticationError, type Exchange, type ExchangeStep } from './exchange.js';
import type { Users } from './users.js';

/** The client says its name and password. @see RFC 4616 */
export class PlainExchange implements Exchange {
  constructor(private readonly users: Users) {}

  async step(token: Buffer): Promise<ExchangeStep> {
    const parts = token.toString('utf8').split('\0');
    const [authzid, user, password] = parts;
    if (parts.length !== 3 || !user || !password) throw new AuthenticationError('the message is no PLAIN message');
    if (authzid !== '' && authzid !== user) throw new AuthenticationError('a client cannot act for another user');
    if (!(await this.users.isPassword(user, password))) {
      throw new AuthenticationError(`wrong password, or no such user: '${user}'`);
    }
    return { token: Buffer.alloc(0), user };
  }
}
