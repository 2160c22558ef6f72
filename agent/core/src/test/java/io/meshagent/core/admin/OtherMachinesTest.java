package io.meshagent.core.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page that listens for other machines shows to whom. */
class OtherMachinesTest {

  private static final String TOKEN = "a-token-that-is-long-enough";

  @TempDir private Path folder;
  private final Map<String, Page> pages = new TreeMap<>();
  private PageHandler handler;

  @BeforeEach
  void begin() throws IOException {
    for (String path : new String[] {"/", "/mesh", "/metrics", "/health", "/live", "/ready"}) {
      pages.put(path, query -> PageReply.sentence(200, "shown"));
    }
    Path file = folder.resolve("token");
    AccessToken unused = AccessToken.of(file);
    // Into the file that was made, which has the rights.
    Path unusedToo = Files.writeString(file, TOKEN);
    handler = new PageHandler(pages, Collections.emptyMap(), false, AccessToken.of(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/health", "/live", "/ready"})
  void scrapers_and_probes_need_no_token(String path) {
    assertThat(answer(handler, path, "", false)).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/mesh", "/nowhere"})
  void who_has_no_token_is_asked_for_it_and_sees_nothing(String path) {
    String answer = answer(handler, path, "", false);

    assertThat(answer)
        .startsWith("HTTP/1.1 401 ")
        .contains("WWW-Authenticate: Basic realm=\"mesh-agent\"")
        .contains("admin.token-file")
        .doesNotContain("shown");
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer " + TOKEN + ",200",
    "Bearer " + TOKEN + "x,401",
    "Bearer,401",
    "Basic %s,200",
    "Basic bm8=,401"
  })
  void who_has_it_sees_everything(String header, int status) {
    String basic =
        Base64.getEncoder().encodeToString(("x:" + TOKEN).getBytes(StandardCharsets.UTF_8));
    String line = "Authorization: " + header.replace("%s", basic) + "\r\n";

    assertThat(answer(handler, "/mesh", line, false)).startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void this_machine_needs_none() {
    assertThat(answer(handler, "/mesh", "", true)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void a_web_site_that_calls_itself_something_else_is_not_this_machine() {
    Request request = Request.parse("GET /mesh HTTP/1.1\r\nHost: evil.example");

    assertThat(text(handler.handle(request, true))).startsWith("HTTP/1.1 401 ");
  }

  @Test
  void nobody_sees_more_where_there_is_no_token() {
    PageHandler without = new PageHandler(pages, Collections.emptyMap(), false, null);

    assertThat(answer(without, "/mesh", "Authorization: Bearer \r\n", false)).contains(" 401 ");
    assertThat(answer(without, "/metrics", "", false)).contains(" 200 ");
  }

  private static String answer(PageHandler handler, String path, String header, boolean local) {
    Request request =
        Request.parse(
            "GET "
                + path
                + " HTTP/1.1\r\n"
                + header
                + "Host: "
                + (local ? "localhost" : "10.1.1.1"));
    return text(handler.handle(request, local));
  }

  private static String text(Response response) {
    StringBuilder text = new StringBuilder();
    for (ByteBuffer each : response.bytes()) {
      text.append(StandardCharsets.UTF_8.decode(each));
    }
    return text.toString();
  }
}
