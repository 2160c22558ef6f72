package io.meshagent.core.api;

/**
 * The service {@code grpc.health.v1.Health} that a server of the program hosts, asked inside the
 * JVM: no network, none of the server's interceptors. Thread-safe.
 */
public interface HealthService {

  /** {@code HealthCheckResponse.ServingStatus} as it stands on the wire. */
  int UNKNOWN = 0;

  int SERVING = 1;
  int NOT_SERVING = 2;
  int SERVICE_UNKNOWN = 3;

  /**
   * An inquiry by {@code Watch}: the status now and at each change.
   *
   * @param service the full name of a service; empty for the server as a whole
   * @return null if the program's health service has no such method
   */
  Inquiry watch(String service, Listener listener);

  /** An inquiry by {@code Check}: one status. As {@link #watch} otherwise. */
  Inquiry check(String service, Listener listener);

  /** One call of the program's health service. Each method is called at most once. */
  interface Inquiry {

    /** Runs the program's code on the calling thread, for as long as that takes. */
    void start();

    /** The answers are no longer wanted. Runs the program's code too. */
    void cancel();
  }

  /** Told on whatever thread the program answers on; must not block or throw. */
  interface Listener {

    /** The program answered with this status. */
    void status(int status);

    /** The inquiry has ended, and no status follows; said once. */
    void ended(Code code);
  }
}
