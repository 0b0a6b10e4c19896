/**
 * What cannot be done. `code` is 'wrong-input' (a text, tune or model that is not what it should be),
 * 'wrong-request' (a request or option that cannot be), 'no-memory' or 'failed' (a mistake of the
 * library's own); `field` is the member of the request or options that is wrong, or ''.
 */
export class LiltError extends Error {
  constructor(code, message, field = '') {
    super(message);
    this.name = 'LiltError';
    this.code = code;
    this.field = field;
  }
}
