package io.meshagent.core.config;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Instances that get no new calls because somebody said so: by {@code host:port}, with when and who
 * where that is written. Immutable; equal only to itself.
 */
public final class Drains {

  /** There are none. */
  public static final Drains NONE = new Drains(Collections.emptyMap());

  private static final String FORM = "HOST:PORT since TIME by WHOM; …";
  private static final int LONGEST_NAME = 80;
  private static final int MOST_PORT = 65_535;
  private static final Pattern ITEM =
      Pattern.compile("([^\\s;]{1,300}):(\\d{1,5})(?:\\s+since\\s+(\\S+))?(?:\\s+by\\s+(.+))?");

  private final Map<String, Drain> byInstance;

  private Drains(Map<String, Drain> byInstance) {
    this.byInstance = byInstance;
  }

  /** One instance of them. Immutable. */
  public static final class Drain {
    private final String instance;
    private final String since;
    private final String by;

    /**
     * @param since ISO 8601; empty if nobody wrote it
     * @param by empty if nobody wrote it; else made fit to be written
     */
    public Drain(String instance, String since, String by) {
      String name = by.replaceAll("[\\p{Cntrl};\\\\]", "?").trim();
      this.instance = instance;
      this.since = since;
      this.by = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
    }

    /** Its {@code host:port}. */
    public String instance() {
      return instance;
    }

    /** As it is written; empty if it is not. */
    public String since() {
      return since;
    }

    /** As it is written; empty if it is not. */
    public String by() {
      return by;
    }

    /** {@code drained since 2026-11-29T09:00:00Z by ops@shop-7}, for people. */
    public String note() {
      return "drained" + rest();
    }

    private String rest() {
      return (since.isEmpty() ? "" : " since " + since) + (by.isEmpty() ? "" : " by " + by);
    }

    @Override
    public String toString() {
      return instance + rest();
    }
  }

  /** A list with semicolons. */
  public static Type<Drains> type() {
    return Types.simple("list of instances", FORM, Drains::parse, Drains::toString);
  }

  private static Parsed<Drains> parse(String text) {
    Map<String, Drain> drains = new TreeMap<>();
    for (String item : text.split(";", -1)) {
      String trimmed = item.trim();
      if (!trimmed.isEmpty()) {
        Matcher form = ITEM.matcher(trimmed);
        if (!form.matches() || Integer.parseInt(form.group(2)) > MOST_PORT) {
          return Parsed.problem("is not a list like 10.0.0.7:50051; 10.0.0.8:50051");
        }
        String since = form.group(3) == null ? "" : form.group(3);
        if (!since.isEmpty() && !isTime(since)) {
          return Parsed.problem("has behind since what is no time like 2026-11-29T09:00:00Z");
        }
        String by = form.group(4) == null ? "" : form.group(4);
        String instance = form.group(1) + ":" + form.group(2);
        drains.put(instance, new Drain(instance, since, by));
      }
    }
    return Parsed.value(new Drains(Collections.unmodifiableMap(drains)));
  }

  private static boolean isTime(String text) {
    try {
      return Instant.parse(text) != null;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /** What a document says of drains; null if it says nothing, or what can't be read. */
  public static Drains inDocument(String text) {
    Drains found = null;
    for (PropertiesText.Entry entry : PropertiesText.parse(text)) {
      if (entry.value != null && entry.key.equals(RegistryKeys.DRAINS.name())) {
        Parsed<Drains> parsed = parse(entry.value);
        found = parsed.isProblem() ? null : parsed.value();
      }
    }
    return found;
  }

  /**
   * What is drained in some program at least, by these documents.
   *
   * @param texts in the order in which they are laid over each other
   */
  public static Drains inDocuments(Collection<String> texts) {
    Drains drains = NONE;
    for (String text : texts) {
      Drains said = inDocument(text);
      drains = said == null ? drains : drains.under(said, Audience.lines(text).isEmpty());
    }
    return drains;
  }

  /**
   * These with a later document's over them.
   *
   * @param forAll whether all programs are meant by it: then these count in none any more
   */
  public Drains under(Drains later, boolean forAll) {
    Drains all = forAll ? NONE : this;
    for (Drain each : later.all()) {
      all = all.with(each);
    }
    return all;
  }

  /** These and one more. */
  public Drains with(Drain drain) {
    Map<String, Drain> more = new TreeMap<>(byInstance);
    more.put(drain.instance, drain);
    return new Drains(Collections.unmodifiableMap(more));
  }

  /** These without one. */
  public Drains without(String instance) {
    Map<String, Drain> fewer = new TreeMap<>(byInstance);
    fewer.remove(instance);
    return new Drains(Collections.unmodifiableMap(fewer));
  }

  public boolean isEmpty() {
    return byInstance.isEmpty();
  }

  /** What is said of an instance; null if it is not among them. */
  public Drain of(String hostPort) {
    return byInstance.get(hostPort);
  }

  /** The same as {@link Drain#note}; null if it is not among them. */
  public String note(String hostPort) {
    Drain drain = byInstance.get(hostPort);
    return drain == null ? null : drain.note();
  }

  /** Sorted by {@code host:port}. */
  public Collection<Drain> all() {
    return byInstance.values();
  }

  /** As it is written. */
  @Override
  public String toString() {
    List<String> items = new ArrayList<>();
    all().forEach(each -> items.add(each.toString()));
    return String.join("; ", items);
  }
}
