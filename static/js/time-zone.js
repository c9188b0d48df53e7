// Says in which time zone this browser is: in forms that carry it along, and at once when the person's record says another.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (zone) {
  for (const field of document.querySelectorAll('input[type="hidden"][name="time_zone"]')) {
    field.value = zone;
  }
  const record = document.querySelector("form[data-time-zone]");
  if (record && record.dataset.timeZone !== zone) {
    // Without a network nothing is lost: the next page asks again.
    fetch(record.action, { method: "POST", body: new FormData(record) }).catch(() => {});
  }
}
