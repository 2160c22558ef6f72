package io.meshagent.core.telemetry.metrics;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * All metrics of the agent in one Prometheus registry of its own. The engine makes one, puts a
 * {@link #stage} at the head of every pipeline and registers its views; the admin page calls {@link
 * #write}. Thread-safe; nothing blocks.
 *
 * <p>Every label that takes its values from outside is bounded: methods beyond the first {@value
 * SideMetrics#MOST_METHODS} of a side share the label value {@code other}.
 */
public final class Metrics {

  static final String OTHER = "other";
  private static final int MOST_PLACES = 200;

  private final CollectorRegistry registry = new CollectorRegistry();
  private final SideMetrics client;
  private final SideMetrics server;
  private final CallHistory history;

  /** Not in the registry, but read after it, so that a page tells of the failures in making it. */
  private final Counter failures;

  private final Set<String> places = ConcurrentHashMap.newKeySet();

  /** Of all that is registered, in the order of registration. */
  private final List<MetricDescription> descriptions = new CopyOnWriteArrayList<>();

  /** Without {@link AttemptMetrics attempts}. */
  public Metrics(String agentVersion) {
    this(agentVersion, false);
  }

  /**
   * The agent's.
   *
   * @param attempts whether each attempt of a client's calls is measured, and the bytes of a
   *     server's
   */
  public Metrics(String agentVersion, boolean attempts) {
    MetricDescription open =
        described(
            new MetricDescription(
                "gauge",
                "mesh_calls_in_flight",
                "Calls that have begun and not yet ended.",
                "side",
                "grpc_method"));
    Gauge inFlight =
        Gauge.build(open.name(), open.help()).labelNames(open.labelNames()).register(registry);
    Counter refusals =
        counter(
                new MetricDescription(
                    "counter",
                    "mesh_refusals_total",
                    "Calls that a policy of the agent refused.",
                    "side",
                    "grpc_method",
                    "policy"))
            .register(registry);
    AttemptMetrics ofAttempts = new AttemptMetrics(this, attempts);
    client = new SideMetrics(Side.CLIENT, this, inFlight, refusals, ofAttempts, null);
    ServerBytes bytes = new ServerBytes(this, attempts);
    server =
        new SideMetrics(Side.SERVER, this, inFlight, refusals, null, bytes.each ? bytes : null);
    history = new CallHistory(client, server, System::currentTimeMillis);
    failures =
        counter(
                new MetricDescription(
                    "counter",
                    "mesh_agent_failures_total",
                    "Failures inside the agent that the program's calls survived, by place.",
                    "place"))
            .create();
    gauge(
        "mesh_agent_info",
        "Always 1; the labels tell about the agent.",
        Collections.singletonList("version"),
        samples -> samples.add(1, agentVersion));
  }

  /** A counter that is counted with, described. */
  Counter.Builder counter(MetricDescription description) {
    MetricDescription known = described(description);
    return Counter.build(known.name(), known.help())
        .labelNames(known.labelNames())
        .withoutExemplars();
  }

  /** A histogram that is filled, described and registered. */
  Histogram histogram(MetricDescription description, double... bounds) {
    MetricDescription known = described(description);
    return Histogram.build(known.name(), known.help())
        .labelNames(known.labelNames())
        .buckets(bounds)
        .withoutExemplars()
        .register(registry);
  }

  MetricDescription described(MetricDescription description) {
    descriptions.add(description);
    return description;
  }

  /** For what is more than a view. */
  void register(Collector collector) {
    registry.register(collector);
  }

  /** All metrics that there are so far, whether they have values or not. */
  public List<MetricDescription> descriptions() {
    return Collections.unmodifiableList(descriptions);
  }

  /**
   * The outermost stage of a method's pipeline: it counts and times every call, refused ones too.
   * The same method has the same stage every time.
   */
  public Stage stage(Side side, String method) {
    return (side == Side.CLIENT ? client : server).stage(method);
  }

  /** The same for the calls that share the label {@code other}. */
  public Stage stageOfOthers(Side side) {
    return stage(side, OTHER);
  }

  /** A method's series end, and its name makes room for another. */
  public void letGo(Side side, String method) {
    (side == Side.CLIENT ? client : server).letGo(method);
  }

  /**
   * Calls that servers of this program were asked for since the start; those of gRPC's own left
   * out.
   */
  public long serverCallsBegun() {
    return server.begun();
  }

  /** Those of them that have not ended. */
  public long serverCallsOpen() {
    return server.open();
  }

  /** How many calls servers of this program were asked for, by the full names of methods. */
  public Map<String, CallCounts> callsServed(Predicate<String> methods) {
    return server.counts(methods);
  }

  /** How the program's calls to others have ended so far, by method. */
  public Map<String, EndedCalls> callsMade() {
    return client.endedByMethod();
  }

  /** How calls went lately, for people. */
  public CallHistory history() {
    return history;
  }

  /** Registers a value that goes up and down, read from its source for each page. */
  public void gauge(String name, String help, List<String> labelNames, Consumer<Samples> source) {
    view(Collector.Type.GAUGE, name, help, labelNames, source);
  }

  /** Registers a value that only grows, named {@code …_total}, read from its source likewise. */
  public void counter(String name, String help, List<String> labelNames, Consumer<Samples> source) {
    view(Collector.Type.COUNTER, name, help, labelNames, source);
  }

  private void view(
      Collector.Type type,
      String name,
      String help,
      List<String> labelNames,
      Consumer<Samples> source) {
    registry.register(new View(type, name, help, labelNames, source, this::failed));
    MetricDescription unused =
        described(
            new MetricDescription(
                type.name().toLowerCase(Locale.ROOT),
                name,
                help,
                labelNames.toArray(new String[0])));
  }

  /** Counts a failure of ours that was survived. */
  public void failed(String where) {
    // Names of methods are for the log: callers may have made them up.
    int method = where.startsWith("stage ") ? where.indexOf(" of ") : -1;
    String place = method < 0 ? where : where.substring(0, method);
    boolean known = places.contains(place) || (places.size() < MOST_PLACES && places.add(place));
    failures.labels(known ? place : OTHER).inc();
  }

  /** All that there is at the moment, in no order. */
  List<MetricFamilySamples> families() {
    List<MetricFamilySamples> families = Collections.list(registry.metricFamilySamples());
    families.addAll(failures.collect());
    return families;
  }

  /** Writes all metrics in Prometheus' text format 0.0.4, sorted by name. */
  public void write(Writer writer) throws IOException {
    String unused = write(null, writer);
  }

  /**
   * Writes all metrics in the format that is asked for, sorted by name: OpenMetrics 1.0, which has
   * exemplars, or Prometheus' text format 0.0.4.
   *
   * @param accept the header {@code Accept} of who asks; null if there was none
   * @return the type of what was written, for the header {@code Content-Type}
   */
  public String write(String accept, Writer writer) throws IOException {
    List<MetricFamilySamples> families = new ArrayList<>();
    families().forEach(family -> families.add(ShownFamily.of(family)));
    families.sort(Comparator.comparing(family -> family.name));
    String type = TextFormat.chooseContentType(accept);
    if (type.equals(TextFormat.CONTENT_TYPE_004)) {
      new PlainText(writer).write(families);
    } else {
      TextFormat.writeFormat(type, writer, Collections.enumeration(families));
    }
    return type;
  }
}
