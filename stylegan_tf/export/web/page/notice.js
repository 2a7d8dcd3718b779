// One message in place of the page, for what cannot be mended from here.

export function stop(title, text) {
  const notice = document.getElementById("notice");
  notice.querySelector("h2").textContent = title;
  notice.querySelector("p").textContent = text;
  notice.hidden = false;
  document.getElementById("main").hidden = true;
}

// A way out of it.
export function offer(text, address) {
  const link = document.createElement("a");
  link.textContent = text;
  link.href = address;
  document.getElementById("notice").append(link);
}
