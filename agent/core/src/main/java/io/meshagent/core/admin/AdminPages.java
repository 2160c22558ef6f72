package io.meshagent.core.admin;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The pages that every JVM has. Called once by the engine. */
public final class AdminPages {

  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private AdminPages() {}

  /** Writes all metrics in Prometheus' text format. */
  @FunctionalInterface
  public interface Exposition {
    void write(Writer writer) throws IOException;
  }

  /**
   * The pages by path, for {@link AdminServer}.
   *
   * @param mesh the facts of the moment, see {@link MeshPage}; asked for each page, on an admin
   *     thread
   */
  public static Map<String, Page> of(Exposition metrics, Supplier<Map<String, Object>> mesh) {
    MeshPage meshPage = new MeshPage(mesh);
    Map<String, Page> pages = new TreeMap<>();
    pages.put("/metrics", query -> metricsPage(metrics));
    pages.put("/health", query -> PageReply.sentence(200, "ok"));
    pages.put("/mesh", query -> meshPage.json());
    pages.put("/", query -> meshPage.html());
    return pages;
  }

  private static PageReply metricsPage(Exposition metrics) throws IOException {
    StringWriter text = new StringWriter(16_384);
    metrics.write(text);
    return PageReply.of(200, PROMETHEUS, text.toString());
  }
}
