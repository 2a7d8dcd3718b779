// The one state of the page, and the address that holds it.

import { fromAddress, toAddress } from "./state.js";

const CALM = 300; // milliseconds; browsers limit how often addresses change

// onChange(state) is called after every change, by a control or the address;
// say(text) is told what of an address says nothing.
export function remember(model, onChange, say) {
  let state;
  let timer = null;
  let isNewPage = false; // whether "back" leads to what was before

  function write() {
    clearTimeout(timer);
    timer = null;
    const address = toAddress(state, model);
    if (address === location.hash) return;
    if (isNewPage) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    isNewPage = false;
  }

  // The state of the address, which loses its nonsense.
  function read(onRead) {
    const wrong = [];
    state = fromAddress(location.hash, model, wrong);
    isNewPage = false;
    write();
    onRead(state);
    const more = wrong.length > 1 ? ` (and ${wrong.length - 1} more)` : "";
    if (wrong.length) say(wrong[0] + more);
  }

  addEventListener("popstate", () => read(onChange));
  read(() => {});

  return {
    get state() {
      return state;
    },
    change(fields) {
      state = { ...state, ...fields };
      isNewPage ||= "seed" in fields;
      clearTimeout(timer);
      timer = setTimeout(write, CALM);
      onChange(state);
    },
    // The whole address of the state, at once.
    link() {
      write();
      return location.href;
    },
  };
}
