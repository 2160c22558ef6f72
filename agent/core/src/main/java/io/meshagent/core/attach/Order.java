package io.meshagent.core.attach;

/**
 * What the command line asks of a program: the text that the attach API hands over as the agent's
 * argument. Any other argument is a configuration, as behind {@code -javaagent}, and nobody waits
 * for an answer. Immutable.
 */
public final class Order {

  /** What is to be done. */
  public enum Kind {
    ATTACH,
    DETACH
  }

  private static final String MARK = "mesh-agent-order:";

  private final Kind kind;
  private final String id;
  private final String configuration;

  private Order(Kind kind, String id, String configuration) {
    this.kind = kind;
    this.id = id;
    this.configuration = configuration;
  }

  /**
   * An order whose answer somebody waits for.
   *
   * @param id what the answer is found by; letters and digits
   * @param configuration as behind {@code -javaagent:mesh-agent.jar=}; may be empty
   */
  public static Order of(Kind kind, String id, String configuration) {
    return new Order(kind, id, configuration);
  }

  /** Reads what {@link #text} has written, or a plain configuration; null is one, too. */
  public static Order parse(String argument) {
    if (argument == null || !argument.startsWith(MARK)) {
      return new Order(Kind.ATTACH, null, argument == null ? "" : argument);
    }
    String[] parts = argument.substring(MARK.length()).split(":", 3);
    return new Order(Kind.valueOf(parts[0]), parts[1], parts[2]);
  }

  /** As the agent's argument. */
  public String text() {
    return MARK + kind + ":" + id + ":" + configuration;
  }

  public Kind kind() {
    return kind;
  }

  /** Null if nobody waits for an answer. */
  public String id() {
    return id;
  }

  public String configuration() {
    return configuration;
  }
}
