package io.meshagent.core.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EventFeedTest {

  private final AtomicReference<String> first = new AtomicReference<>("{\n  \"a\": 1\n}\n");
  private final EventFeed feed = new EventFeed(pages());

  private Map<String, Page> pages() {
    Map<String, Page> pages = new LinkedHashMap<>();
    pages.put("first", query -> PageReply.of(200, "text/plain", first.get()));
    pages.put("other", query -> PageReply.of(200, "text/plain", "ü"));
    return pages;
  }

  private String since(long number) {
    return new String(feed.since(number), StandardCharsets.UTF_8);
  }

  @Test
  void who_comes_is_told_all_and_then_what_changes() throws Exception {
    assertThat(since(0)).isEmpty();
    feed.look();

    assertThat(since(0))
        .isEqualTo("event: first\ndata: {\ndata:   \"a\": 1\ndata: }\n\nevent: other\ndata: ü\n\n");
    long seen = feed.number();
    feed.look();
    assertThat(since(seen)).isEmpty();
    first.set("2");
    feed.look();
    assertThat(since(seen)).isEqualTo("event: first\ndata: 2\n\n");
  }

  @Test
  void what_was_said_before_nobody_listened_is_said_anew() throws Exception {
    feed.look();
    long seen = feed.number();
    feed.forget();

    assertThat(since(0)).isEmpty();
    feed.look();
    assertThat(since(seen)).contains("first", "other");
  }
}
