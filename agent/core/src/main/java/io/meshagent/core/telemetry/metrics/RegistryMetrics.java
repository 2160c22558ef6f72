package io.meshagent.core.telemetry.metrics;

import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.FeedStatus;
import io.meshagent.core.registry.RegistrationState;
import io.meshagent.core.registry.RegistrationStatus;
import io.meshagent.core.registry.Registry;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of registration and directory feed, read from the registry's status whenever a page
 * is written. Made once, by {@link MeshMetrics}; a null status means that there is nothing to say.
 */
final class RegistryMetrics {

  private static final List<String> NO_LABELS = Collections.emptyList();
  private static final List<String> STATE = Collections.singletonList("state");

  private final Metrics metrics;
  private final Supplier<Registry.Status> status;

  RegistryMetrics(Metrics metrics, Supplier<Registry.Status> status) {
    this.metrics = metrics;
    this.status = status;
  }

  void add() {
    addRegistration();
    addFeed();
  }

  private void addRegistration() {
    metrics.gauge(
        "mesh_registration_state",
        "1 for the state that this program's registration is in, 0 for the others.",
        STATE,
        registration(
            (samples, own) -> oneOf(samples, own.state().name(), RegistrationState.values())));
    metrics.gauge(
        "mesh_registration_desired",
        "Entries that should be in the registry for this program.",
        NO_LABELS,
        registration((samples, own) -> samples.add(own.desired())));
    metrics.gauge(
        "mesh_registration_registered",
        "Entries that are in the registry for this program, as far as it knows.",
        NO_LABELS,
        registration((samples, own) -> samples.add(own.registered())));
    metrics.counter(
        "mesh_registration_lease_losses_total",
        "Leases that were lost, each followed by a new registration.",
        NO_LABELS,
        registration((samples, own) -> samples.add((double) own.leasesLost())));
    metrics.counter(
        "mesh_registration_attempts_total",
        "Requests for a lease, its renewal or an entry, by what came of them: ok or why not.",
        Arrays.asList("request", "outcome"),
        registration(RegistryMetrics::attempts));
    metrics.gauge(
        "mesh_registration_renewal_age_seconds",
        "Seconds since the lease was renewed with success; nothing before the first lease.",
        NO_LABELS,
        registration((samples, own) -> own.renewedSecondsAgo().ifPresent(ago -> samples.add(ago))));
  }

  private static void attempts(Samples samples, RegistrationStatus own) {
    own.attempts()
        .forEach(
            (request, outcomes) ->
                outcomes.forEach(
                    (outcome, count) ->
                        samples.add(
                            (double) count, request.name().toLowerCase(Locale.ROOT), outcome)));
  }

  private void addFeed() {
    metrics.gauge(
        "mesh_directory_feed_state",
        "1 for the state in which the directory is followed, 0 for the others.",
        STATE,
        feed((samples, feed) -> oneOf(samples, feed.state().name(), FeedState.values())));
    metrics.gauge(
        "mesh_directory_heard_age_seconds",
        "Seconds since the registry last said anything of the directory, be it that nothing has"
            + " changed.",
        NO_LABELS,
        feed((samples, feed) -> feed.heardSecondsAgo().ifPresent(ago -> samples.add(ago))));
    counter(
        "mesh_directory_relists_total",
        "Times that the whole directory was read after the first.",
        FeedStatus.Counts::relists);
    counter(
        "mesh_directory_watch_rebuilds_total",
        "Watches that took the place of one that had ended or fallen silent.",
        FeedStatus.Counts::rebuilds);
    counter(
        "mesh_directory_compactions_total",
        "Times that changes could not be had any more, so that everything was read afresh.",
        FeedStatus.Counts::compactions);
    counter(
        "mesh_directory_entries_skipped_total",
        "Entries in the registry that could not be read as an instance.",
        FeedStatus.Counts::entriesSkipped);
    counter(
        "mesh_directory_list_failures_total",
        "Times that the whole directory was to be read and could not be.",
        FeedStatus.Counts::listFailures);
    metrics.gauge(
        "mesh_directory_entries_left_out",
        "Entries in the registry that are left out because they are too long or too many.",
        NO_LABELS,
        feed((samples, feed) -> samples.add(feed.counts().entriesLeftOut())));
  }

  private void counter(String name, String help, ToDoubleFunction<FeedStatus.Counts> count) {
    metrics.counter(
        name,
        help,
        NO_LABELS,
        feed((samples, feed) -> samples.add(count.applyAsDouble(feed.counts()))));
  }

  private static void oneOf(Samples samples, String present, Enum<?>[] states) {
    for (Enum<?> state : states) {
      samples.add(state.name().equals(present) ? 1 : 0, state.name());
    }
  }

  private Consumer<Samples> registration(BiConsumer<Samples, RegistrationStatus> source) {
    return samples -> {
      Registry.Status now = status.get();
      if (now != null) {
        source.accept(samples, now.registration());
      }
    };
  }

  private Consumer<Samples> feed(BiConsumer<Samples, FeedStatus> source) {
    return samples -> {
      Registry.Status now = status.get();
      if (now != null) {
        source.accept(samples, now.feed());
      }
    };
  }
}
