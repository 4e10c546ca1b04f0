/**
 * workerd ends connections that were idle for five seconds. On a machine that is busy
 * for long, a test would send its next request on one that is being ended (ECONNRESET),
 * so none is taken up again after half a second.
 */
import { Agent, setGlobalDispatcher } from 'undici'

setGlobalDispatcher(new Agent({ keepAliveTimeout: 500, keepAliveMaxTimeout: 500 }))
