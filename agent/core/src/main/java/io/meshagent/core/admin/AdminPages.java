package io.meshagent.core.admin;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** The pages that every JVM has. Called once by the engine. */
public final class AdminPages {

  /** Of many instances much is put together, in the program's memory. */
  private static final ReentrantLock EXPLAINING = new ReentrantLock();

  private AdminPages() {}

  /** Writes all metrics in the format that is asked for. */
  @FunctionalInterface
  public interface Exposition {

    /**
     * Writes a page.
     *
     * @param accept the header of the request; null if there was none
     * @return the type of what was written
     */
    String write(String accept, Writer writer) throws IOException;
  }

  /**
   * The pages by path, for {@link AdminServer}.
   *
   * @param mesh the facts of the moment, see {@link MeshPage}; asked for each page, on an admin
   *     thread
   * @param history how calls went lately, likewise
   * @param events what was said lately, likewise
   * @param explain what is to be said of the calls that a query asks about, likewise; an {@link
   *     IllegalArgumentException} says what is wrong with the query
   */
  public static Map<String, Page> of(
      Exposition metrics,
      Supplier<Map<String, Object>> mesh,
      Supplier<Map<String, Object>> history,
      Supplier<Map<String, Object>> events,
      Function<String, Map<String, Object>> explain) {
    MeshPage meshPage = new MeshPage(mesh);
    Map<String, Page> pages = new TreeMap<>();
    pages.put("/metrics", new MetricsPage(metrics));
    Page live = ready(() -> true);
    pages.put("/health", live);
    pages.put("/live", live);
    pages.put("/mesh", query -> meshPage.json());
    pages.put("/history", query -> new MeshPage(history).json());
    pages.put("/events", query -> new MeshPage(events).json());
    pages.put("/explain", query -> explained(query, explain));
    pages.put("/stream", stream(pages, "mesh", "history", "events"));
    pages.put("/plain", query -> meshPage.html());
    pages.put("/", file("page.html", "text/html; charset=utf-8"));
    pages.put("/page.css", file("page.css", "text/css; charset=utf-8"));
    for (String script : new String[] {"elements.js", "charts.js", "explain.js", "page.js"}) {
      pages.put("/" + script, file(script, "text/javascript; charset=utf-8"));
    }
    return pages;
  }

  /**
   * Has browsers told whenever some pages say something else.
   *
   * @param names of the events and, behind a slash, of the pages
   */
  private static Page stream(Map<String, Page> pages, String... names) {
    Map<String, Page> told = new LinkedHashMap<>();
    for (String name : names) {
      told.put(name, pages.get("/" + name));
    }
    EventFeed feed = new EventFeed(told);
    return query -> PageReply.streaming(feed);
  }

  /** A file that stands beside the page's own, as it is. */
  public static Page file(String name, String contentType) {
    return query -> read(name, contentType);
  }

  /** A page for a probe: 200 or 503. */
  public static Page ready(BooleanSupplier ready) {
    return query ->
        ready.getAsBoolean()
            ? PageReply.sentence(200, "ok")
            : PageReply.sentence(503, "A server of this program is leaving.");
  }

  /** A page of facts for programs. */
  public static Page json(Supplier<Map<String, Object>> facts) {
    MeshPage page = new MeshPage(facts);
    return query -> page.json();
  }

  private static PageReply explained(String query, Function<String, Map<String, Object>> explain) {
    if (!EXPLAINING.tryLock()) {
      return PageReply.sentence(503, "Somebody else is asking; ask again in a moment.");
    }
    try {
      Map<String, Object> said = explain.apply(query);
      return new MeshPage(() -> said).json();
    } catch (IllegalArgumentException e) {
      return PageReply.sentence(400, e.getMessage());
    } finally {
      EXPLAINING.unlock();
    }
  }

  /** Read at each look: people look seldom, and it is nothing that has to stay in memory. */
  private static PageReply read(String name, String contentType) throws IOException {
    try (InputStream in = AdminPages.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException(name + " is not in the agent's jar");
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] buffer = new byte[8_192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        all.write(buffer, 0, read);
      }
      return PageReply.of(200, contentType, all.toString("UTF-8"));
    }
  }

  /** In one of the formats of Prometheus. */
  private static final class MetricsPage implements Page {
    private final Exposition metrics;

    MetricsPage(Exposition metrics) {
      this.metrics = metrics;
    }

    @Override
    public PageReply answer(String query) throws IOException {
      return answer(query, null);
    }

    @Override
    public PageReply answer(String query, String accept) throws IOException {
      StringWriter text = new StringWriter(16_384);
      String type = metrics.write(accept, text);
      return PageReply.of(200, type, text.toString());
    }
  }
}
