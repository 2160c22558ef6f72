package io.meshagent.core.engine;

import io.meshagent.core.api.Service;
import io.meshagent.core.directory.Directory;
import io.meshagent.core.policy.Services;

/** What plans ask of the directory. */
final class DirectoryServices implements Services {

  private final Directory directory;

  DirectoryServices(Directory directory) {
    this.directory = directory;
  }

  @Override
  public Service hold(String name) {
    return directory.service(name);
  }

  @Override
  public void letGo(Service service) {
    directory.letGo(service);
  }

  @Override
  public Service find(String name) {
    return directory.find(name);
  }
}
