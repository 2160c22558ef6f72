package io.meshagent.core.admin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes nested facts as one HTML page that reloads itself and needs neither a script nor anything
 * from elsewhere: plain facts first, then a table under a heading for each list or map. One object
 * per page, one thread.
 *
 * <p>Everything that is not markup of ours goes through {@link #text}: names come from other
 * programs by way of the registry.
 */
final class MeshHtml {

  private static final String HEAD =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
          + "<meta http-equiv=\"refresh\" content=\"2\"><title>mesh-agent</title><style>"
          + "body{font:14px/1.5 system-ui,sans-serif;margin:2em auto;max-width:75em;padding:0 1em;"
          + "color:#222;background:#fff}h1{font-size:1.4em}h2{font-size:1.1em;margin:1.6em 0 .4em}"
          + "table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;"
          + "padding:.2em 1em .2em 0;border-bottom:1px solid #ddd}th{font-weight:600}"
          + ".none{color:#888}</style></head><body><h1>mesh-agent</h1>";

  private static final String FOOT =
      "<p class=\"none\">The same as <a href=\"/mesh\">JSON</a>; numbers for Prometheus in"
          + " <a href=\"/metrics\">metrics</a>.</p></body></html>";

  private final StringBuilder out = new StringBuilder(4_096);

  String page(Map<String, Object> facts) {
    Map<String, Object> plain = new LinkedHashMap<>();
    Map<String, Object> sections = new LinkedHashMap<>();
    facts.forEach((name, value) -> (isPlain(value) ? plain : sections).put(name, value));
    out.append(HEAD);
    if (!plain.isEmpty()) {
      keysAndValues(plain);
    }
    sections.forEach(this::section);
    return out.append(FOOT).toString();
  }

  private static boolean isPlain(Object value) {
    return !(value instanceof Map || value instanceof Collection);
  }

  private void section(String name, Object value) {
    out.append("<h2>");
    text(name.replace('-', ' ').replace('_', ' '));
    out.append("</h2>");
    value(value);
  }

  private void value(Object value) {
    if (value instanceof Map) {
      map((Map<?, ?>) value);
    } else if (value instanceof Collection) {
      collection((Collection<?>) value);
    } else {
      text(value == null ? "-" : value.toString());
    }
  }

  private void map(Map<?, ?> map) {
    if (map.isEmpty()) {
      none();
    } else {
      keysAndValues(map);
    }
  }

  private void keysAndValues(Map<?, ?> map) {
    out.append("<table>");
    map.forEach(
        (key, value) -> {
          out.append("<tr><th scope=\"row\">");
          text(String.valueOf(key));
          out.append("</th><td>");
          value(value);
          out.append("</td></tr>");
        });
    out.append("</table>");
  }

  private void collection(Collection<?> items) {
    if (items.isEmpty()) {
      none();
      return;
    }
    List<Map<?, ?>> rows = new ArrayList<>();
    for (Object item : items) {
      rows.add(item instanceof Map ? (Map<?, ?>) item : Collections.singletonMap("", item));
    }
    Set<Object> columns = new LinkedHashSet<>();
    rows.forEach(row -> columns.addAll(row.keySet()));
    out.append("<table>");
    if (!columns.equals(Collections.singleton(""))) {
      headings(columns);
    }
    for (Map<?, ?> row : rows) {
      out.append("<tr>");
      for (Object column : columns) {
        out.append("<td>");
        value(row.containsKey(column) ? row.get(column) : "");
        out.append("</td>");
      }
      out.append("</tr>");
    }
    out.append("</table>");
  }

  private void headings(Set<Object> columns) {
    out.append("<tr>");
    for (Object column : columns) {
      out.append("<th scope=\"col\">");
      text(String.valueOf(column));
      out.append("</th>");
    }
    out.append("</tr>");
  }

  private void none() {
    out.append("<span class=\"none\">none</span>");
  }

  private void text(String raw) {
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      switch (c) {
        case '<':
          out.append("&lt;");
          break;
        case '>':
          out.append("&gt;");
          break;
        case '&':
          out.append("&amp;");
          break;
        case '"':
          out.append("&quot;");
          break;
        case '\'':
          out.append("&#39;");
          break;
        default:
          out.append(c);
      }
    }
  }
}
