package io.meshagent.core.policy.base;

import io.meshagent.core.api.Service;

/**
 * What the directory says of the services that this program hosts. Implemented by the compiler of
 * plans; thread-safe.
 */
public interface HostedServices {

  /** Nothing is known. */
  HostedServices UNKNOWN =
      new HostedServices() {
        @Override
        public Service hold(String name) {
          return null;
        }

        @Override
        public void letGo(Service service) {}
      };

  /**
   * A service that is hosted here; it is there until it is let go, once for each time that it was
   * asked for.
   *
   * @param name the full name of a gRPC service
   * @return null where the directory has no say
   */
  Service hold(String name);

  /** Who held it needs it no more. */
  void letGo(Service service);
}
