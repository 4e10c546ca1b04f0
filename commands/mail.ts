/** `npm run mail`: the mail harness alone. */
import { runMail } from '../harness/cli/run-mail.ts'

process.exitCode = await runMail(process.argv.slice(2), process.env)
