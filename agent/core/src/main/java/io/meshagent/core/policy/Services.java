package io.meshagent.core.policy;

import io.meshagent.core.api.Service;

/** What the compiler asks of the directory. Implemented by the engine; thread-safe. */
public interface Services {

  /**
   * The service of a plan that is kept.
   *
   * @param name the full name of a gRPC service
   * @return null where the directory has no say; else it is there until it is {@linkplain #letGo
   *     let go}, once for each time that it was asked for
   */
  Service hold(String name);

  /** A plan that held it is no more. */
  default void letGo(Service service) {}

  /**
   * The service of a plan that is not kept: a call by any name must leave nothing behind.
   *
   * @return null where the directory has no say; what stands for all services that are nowhere if
   *     this one is nowhere and nobody holds it
   */
  default Service find(String name) {
    return hold(name);
  }
}
