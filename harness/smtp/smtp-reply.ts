/** A refusal, in the shape that smtp-server's callbacks take. */
export class SmtpReply extends Error {
  override name = 'SmtpReply'
  readonly responseCode: number

  constructor(code: number, text: string) {
    super(text)
    this.responseCode = code
  }
}
