// What Streamlit cannot do: Enter in the answer box presses Check, the focus comes back after a
// reply, a new reply is announced once to screen readers, and on a narrow screen the sidebar gives
// way to the page that was chosen in it. Holds no learner text.
// A reload keeps the person signed in: the token of the session is kept in a cookie that goes to
// this server only. Streamlit cannot set one, so it is not HttpOnly.
window.tutorKeep ||= (name, token, seconds) => {
  const life = token ? seconds : 0;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${token}; path=/; max-age=${life}; SameSite=Strict${secure}`;
};
window.tutorPage ||= (() => {
  const find = (selector) => document.querySelector(selector);
  let dialogue = "";
  let turns = -1;
  let typedIn = "answer";

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.target.matches?.(".st-key-answer-box input[type=text]")) {
      // Streamlit's own listener stores the text first
      setTimeout(() => find(".st-key-answer-buttons button")?.click(), 0);
    }
  });
  // Enter accepts a submission; on a button that the keyboard has reached it presses that button
  window.addEventListener("keydown", (event) => {
    const at = event.target.closest?.("button, a, summary");
    if (event.key === "Enter" && at?.matches(":focus-visible") && find(".st-key-review")) {
      event.stopPropagation();
    }
  }, true);
  document.addEventListener("focusin", (event) => {
    if (event.target.closest?.(".st-key-chat-box")) typedIn = "chat";
    else if (event.target.closest?.(".st-key-answer-box")) typedIn = "answer";
  });

  // What is typed is sent a moment after the box is left. A tap on another page comes at once and
  // would be undone by it, so it waits; a reload asks for it first.
  let left = 0;
  document.addEventListener("focusout", (event) => {
    if (event.target.matches?.("input, textarea")) left = event.timeStamp;
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('[data-testid="stSidebarNavLink"]');
    if (!link || !event.isTrusted || event.timeStamp - left > 300) return;
    event.preventDefault();
    event.stopPropagation();
    setTimeout(() => link.click(), 250);
  }, true);
  window.addEventListener("beforeunload", () => document.activeElement?.blur());

  document.addEventListener("click", (event) => {
    const links = '[data-testid="stSidebarNavLink"], .st-key-person button';
    const chosen = event.target.closest?.(links);
    if (chosen && matchMedia("(max-width: 768px)").matches) {
      setTimeout(() => find('[data-testid="stSidebarCollapseButton"] button')?.click(), 50);
    }
  });

  const live = document.createElement("div");
  live.setAttribute("aria-live", "polite");
  live.className = "tutor-announcer";
  live.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
  document.body.append(live);

  const announce = () => {
    const replies = document.querySelectorAll('[aria-label="Chat message from Tutor"]');
    const last = replies[replies.length - 1]?.querySelector('[data-testid="stMarkdown"]');
    if (!last) return;
    const copy = last.cloneNode(true);
    copy.querySelectorAll(".katex-html").forEach((drawn) => drawn.remove());
    live.textContent = `Tutor: ${copy.textContent}`;
  };

  const place = () => {
    const box =
      find(`.st-key-${typedIn}-box textarea, .st-key-${typedIn}-box input`) ??
      find(".st-key-ending button");
    const end = find(".st-key-ending") ?? find(".st-key-chat-box");
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // a program is no prose: a phone would write Def and put red lines under every name
    document.querySelectorAll('textarea[aria-label="Your program"]').forEach((editor) => {
      Object.assign(editor, { spellcheck: false, autocapitalize: "off" });
      editor.setAttribute("autocorrect", "off");
    });
    // on a phone the keyboard would jump up over the reply
    if (box && matchMedia("(pointer: fine)").matches) box.focus({ preventScroll: true });
    if (turns > 0) end?.scrollIntoView({ block: "end", behavior: calm ? "auto" : "smooth" });
    // the page of the item before was left at its end
    else find('[data-testid="stMain"]')?.scrollTo({ top: 0, behavior: "instant" });
  };

  return (openDialogue, count) => {
    const same = openDialogue === dialogue;
    if (same && count === turns) return;
    const isNew = same && count > turns;
    if (!same) typedIn = "answer";
    [dialogue, turns] = [openDialogue, count];
    // the boxes of this turn are drawn a moment after this script
    setTimeout(() => {
      place();
      if (isNew) announce();
    }, 150);
  };
})();
