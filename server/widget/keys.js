// Keys that open the box, written as "Ctrl+K" or "/". Ctrl is also Command.

export function isPressed(shortcut, event) {
  const keys = shortcut.toLowerCase().split("+");
  const key = keys.pop() || "+";
  const wantsControl = keys.includes("ctrl") || keys.includes("cmd");
  return event.key.toLowerCase() === key && wantsControl === (event.ctrlKey || event.metaKey)
    && keys.includes("alt") === event.altKey && (!keys.length || keys.includes("shift") === event.shiftKey);
}

// In fields, keys type themselves.
export function isTyped(event) {
  return Boolean(event.composedPath()[0]?.closest?.("input, textarea, select, [contenteditable]:not([contenteditable=false])"));
}

export function shownKeys(shortcut) {
  return /mac|iphone|ipad/i.test(navigator.platform) ? shortcut.replace(/ctrl\+/i, "⌘") : shortcut;
}
