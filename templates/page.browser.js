// A mailed link's token leaves the address bar at once: history, analytics and screen sharing never see it.
// A reload then lands on a page that says to open the link again. Without scripts everything works the same.
const clean = document.querySelector('meta[name="sparekey-clean-url"]')
if (clean) history.replaceState(null, '', clean.content)
