// Tells the site in which time zone this browser is, when the person's record says another (see accounts/_time_zone.html).
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const record = document.querySelector("form[data-time-zone]");

if (zone && record && record.dataset.timeZone !== zone) {
  const form = new FormData(record);
  form.set("time_zone", zone);
  // Without a network nothing is lost: the next page asks again.
  fetch(record.action, { method: "POST", body: form }).catch(() => {});
}
