package io.meshagent.core.config;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A part of etcd to read instances from, and how they are written there. Immutable. */
public final class EntrySource {

  private static final Pattern FORM =
      Pattern.compile("([^:=\\s]+):([^=\\s]*[^=/\\s])/?(?:=(\\S+))?");

  private final EntryFormat format;
  private final String prefix;
  private final String service;

  /**
   * @param prefix without a slash at the end
   * @param service the one that all entries below the prefix belong to; null if their keys say it
   */
  public EntrySource(EntryFormat format, String prefix, String service) {
    this.format = format;
    this.prefix = prefix;
    this.service = service;
  }

  /** Reads {@code format:prefix} or {@code format:prefix=service}. */
  static Parsed<EntrySource> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Parsed.problem("is not of the form format:prefix or format:prefix=service");
    }
    EntryFormat format = EntryFormat.of(form.group(1));
    if (format == null) {
      return Parsed.problem(
          "names the format " + form.group(1) + ", which is not one of " + EntryFormat.words());
    }
    String service = form.group(3);
    if (service != null && service.indexOf('/') >= 0) {
      return Parsed.problem("names the service " + service + ", which has a slash in it");
    }
    return Parsed.value(new EntrySource(format, form.group(2), service));
  }

  public EntryFormat format() {
    return format;
  }

  /** Without a slash at the end. */
  public String prefix() {
    return prefix;
  }

  /** Null if the keys say it. */
  public String service() {
    return service;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof EntrySource && toString().equals(o.toString());
  }

  @Override
  public int hashCode() {
    return Objects.hash(format, prefix, service);
  }

  @Override
  public String toString() {
    return format + ":" + prefix + (service == null ? "" : "=" + service);
  }
}
