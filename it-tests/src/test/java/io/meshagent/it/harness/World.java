package io.meshagent.it.harness;

import com.example.greeter.GreeterClient;
import com.example.greeter.GreeterServer;
import io.meshagent.it.programs.ChainServer;
import io.meshagent.it.programs.FlakyServer;
import io.meshagent.it.programs.LeavingServer;
import io.meshagent.it.programs.LoadClient;
import io.meshagent.it.programs.MutableServer;
import io.meshagent.it.programs.TwoServers;
import io.meshagent.it.tools.Places;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The programs of one test, with the registry through which they find each other. Ends all of them
 * on {@link #close}, and leaves a shared etcd empty. For the test's thread.
 */
public final class World implements AutoCloseable {

  private final String registryKey;
  private final String registry;
  private final Runnable emptying;
  private final List<Jvm> jvms = new ArrayList<>();
  private String grpc = Classpaths.MIDDLE;
  private int jdk = Runtime.version().feature();

  private World(String registryKey, String registry, Runnable emptying) {
    this.registryKey = registryKey;
    this.registry = registry;
    this.emptying = emptying;
  }

  /** Programs that meet through etcd. */
  public static World on(EtcdServer etcd) {
    return new World("etcd.endpoints", etcd.endpoint(), etcd::emptyIfShared);
  }

  /** Programs that know every member, by wires that the cluster can cut. */
  public static World on(EtcdCluster etcd) {
    return new World("etcd.endpoints", etcd.endpoints(), () -> {});
  }

  /** Programs that meet through a directory of this test's own. */
  public static World local() {
    return local(Places.newDirectory("registry"));
  }

  public static World local(Path directory) {
    return new World("registry.local.dir", directory.toString(), () -> {});
  }

  /** What programs started from now on run on. */
  public World with(String grpcVersion, int jdkMajor) {
    this.grpc = grpcVersion;
    this.jdk = jdkMajor;
    return this;
  }

  /** A class of this build, on the world's gRPC and JDK. */
  public JvmBuilder program(String name, Class<?> main) {
    return launch(name).main(Classpaths.ofGreeter(grpc), main.getName());
  }

  /** Anything else on the world's JDK. */
  public JvmBuilder launch(String name) {
    return new JvmBuilder(name, jvms).on(jdk).mesh(registryKey, registry);
  }

  public JvmBuilder greeterServer(int port, String name) {
    return program(name, GreeterServer.class).args(port, name);
  }

  public JvmBuilder greeterClient(Object... args) {
    return program("client", GreeterClient.class).args(args);
  }

  public JvmBuilder flakyServer(String name, Object... args) {
    return program(name, FlakyServer.class).args("name=" + name).args(args);
  }

  public JvmBuilder chainServer(String name, Object... args) {
    return program(name, ChainServer.class).args(args);
  }

  public JvmBuilder twoServers() {
    return program("two", TwoServers.class);
  }

  public JvmBuilder mutableServer(String name, Object... args) {
    return program(name, MutableServer.class).args("name=" + name).args(args);
  }

  public JvmBuilder leavingServer(String name, Object... args) {
    return program(name, LeavingServer.class).args("name=" + name).args(args);
  }

  /** The same with gRPC's own health service on its class path. */
  public JvmBuilder leavingServerWithHealth(String name, Object... args) {
    return withHealth(name, LeavingServer.class).args("name=" + name).args(args);
  }

  private JvmBuilder withHealth(String name, Class<?> main) {
    String classPath =
        Classpaths.ofGreeter(grpc) + File.pathSeparator + Classpaths.ofServices(grpc);
    return launch(name).main(classPath, main.getName());
  }

  public JvmBuilder loadClient() {
    return program("load", LoadClient.class);
  }

  /** The same with gRPC's own health checks on its class path. */
  public JvmBuilder loadClientWithHealth() {
    return withHealth("load", LoadClient.class);
  }

  /**
   * May be called again. A shared etcd is emptied when the programs have ended: one that lives puts
   * a deleted key back at once, and one that is killed leaves its keys until its lease is over.
   */
  @Override
  public void close() {
    jvms.forEach(Jvm::close);
    emptying.run();
  }
}
