import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  browsers,
  parseClient,
  parseDevice,
  parseNetwork,
  systems,
} from '../../src/account/client.ts'
import { anyText } from '../any-text.ts'

describe('the network a client is counted by', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    [' 192.0.2.7 ', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:c000:0207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', 'unknown'],
    ['not an address', 'unknown'],
    ['192.0.2.7, 198.51.100.1', 'unknown'],
    ['999.0.2.7', 'unknown'],
    ['192.0.2.7:8080', 'unknown'],
    ['2001:db8::1]/x[', 'unknown'],
  ])('%j is %s', (ip, network) => {
    expect(parseNetwork(ip)).toBe(network)
  })

  test('every address of one IPv6 /64 is one client, the next /64 is another', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), (one, other) => {
        const [a, b] = [parseNetwork(one), parseNetwork(other)]
        expect(a).toMatch(/^(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){3}::\/64|\d+(?:\.\d+){3})$/)
        if (a.endsWith('/64')) expect(parseNetwork(a.replace('::/64', ':1:2:3:4'))).toBe(a)
        if (a !== b) expect(`${a} and ${b}`).not.toBe(`${a} and ${a}`)
      }),
    )
  })

  test('whatever a header says, the answer is short and plain', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(parseNetwork(text)).toMatch(/^(?:unknown|[0-9a-f:.]{2,40}(?:\/64)?)$/)
      }),
    )
  })
})

describe('the device, from a closed list', () => {
  const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0'
  test.each([
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36 Edg/140.0`,
      'Edge',
      'Windows',
    ],
    [`Mozilla/5.0 (X11; Linux x86_64) ${chrome} Safari/537.36 OPR/120.0`, 'Opera', 'Linux'],
    [
      `Mozilla/5.0 (Linux; Android 15; SM-S921B) SamsungBrowser/28.0 ${chrome} Mobile Safari/537.36`,
      'Samsung Internet',
      'Android',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox', 'Linux'],
    [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${chrome} Safari/537.36`, 'Chrome', 'ChromeOS'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1',
      'Safari',
      'iOS',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15',
      'Safari',
      'macOS',
    ],
    ['curl/8.14.1', null, null],
    ['', null, null],
  ])('%s', (userAgent, browser, system) => {
    expect(parseDevice(userAgent)).toEqual({ browser, system })
  })

  test('nothing of a header gets through: it would be room for phishing', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const { device } = parseClient('192.0.2.7', `Firefox/1 ${text}`)
        expect([null, ...browsers]).toContain(device.browser)
        expect([null, ...systems]).toContain(device.system)
      }),
    )
  })

  test('a header of 32 KB takes no longer than one of 1 KB, whatever it repeats', () => {
    const fastestOf = (length: number) => {
      const userAgent = `Version/${'1'.repeat(length / 2)}${'x'.repeat(length / 2)}`
      const runs = [1, 2, 3].map(() => {
        const started = performance.now()
        expect(parseDevice(userAgent)).toEqual({ browser: null, system: null })
        return performance.now() - started
      })
      return Math.min(...runs)
    }
    expect(fastestOf(32 * 1024) / fastestOf(1024)).toBeLessThan(50)
  })
})
