package io.meshagent.core.admin;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Some pages as server-sent events: one event a page whenever it says something else than before.
 * Made on one admin thread after the other and read by the loop; thread-safe.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, 9.2</a>
 */
final class EventFeed {

  /** Says that somebody is there, where nothing has changed. */
  static final byte[] BEAT = "event: beat\ndata:\n\n".getBytes(StandardCharsets.UTF_8);

  private final Map<String, Page> pages;

  /** Guarded by this, as the next: what each page said last, and with which number. */
  private final Map<String, Said> said = new LinkedHashMap<>();

  private long number;

  /**
   * @param pages by the names of their events, in the order in which a browser is told
   */
  EventFeed(Map<String, Page> pages) {
    this.pages = new LinkedHashMap<>(pages);
  }

  private static final class Said {
    private final byte[] event;
    private final String text;
    private final long number;

    Said(String name, String text, long number) {
      this.text = text;
      this.number = number;
      StringBuilder event = new StringBuilder(text.length() + 64);
      event.append("event: ").append(name).append('\n');
      for (String line : text.trim().split("\r?\n", -1)) {
        event.append("data: ").append(line).append('\n');
      }
      this.event = event.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Looks what has changed. On an admin thread; it may take its time. */
  void look() throws Exception {
    for (Map.Entry<String, Page> each : pages.entrySet()) {
      String text = new String(each.getValue().answer("").body(), StandardCharsets.UTF_8);
      take(each.getKey(), text);
    }
  }

  private synchronized void take(String name, String text) {
    Said before = said.get(name);
    if (before == null || !before.text.equals(text)) {
      said.put(name, new Said(name, text, ++number));
    }
  }

  /** The number of what is newest; 0 before the first look. */
  synchronized long number() {
    return number;
  }

  /** The events since a number; empty if there are none. */
  synchronized byte[] since(long seen) {
    int length = 0;
    for (Said each : said.values()) {
      length += each.number > seen ? each.event.length : 0;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (Said each : said.values()) {
      if (each.number > seen) {
        System.arraycopy(each.event, 0, all, at, each.event.length);
        at += each.event.length;
      }
    }
    return all;
  }

  /** Nobody listens: nothing is kept for them. */
  synchronized void forget() {
    said.clear();
  }
}
