package io.meshagent.it.programs.host;

import java.io.File;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * An OSGi framework with bundles, each with libraries of its own inside. What is opened is a
 * bundle. The arguments are settings of the framework, {@code key=value}.
 */
public final class Bundles extends Host {

  private final Framework framework;

  private Bundles(Map<String, String> settings) throws Exception {
    framework = new FrameworkFactory().newFramework(settings);
    framework.start();
  }

  public static void main(String[] args) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put(Constants.FRAMEWORK_STORAGE, new File("bundles").getAbsolutePath());
    for (String each : args) {
      int at = each.indexOf('=');
      settings.put(each.substring(0, at), each.substring(at + 1));
    }
    Bundles bundles = new Bundles(settings);
    bundles.obey();
    bundles.framework.stop();
    bundles.framework.waitForStop(0);
  }

  @Override
  @SuppressWarnings("unchecked") // what the class says of itself
  Opened open(String name, String what) throws Exception {
    String location = new File(what).toURI().toString();
    Bundle bundle = framework.getBundleContext().installBundle(location);
    bundle.start();
    Function<String, String> application =
        (Function<String, String>) bundle.loadClass(APPLICATION).getConstructor().newInstance();
    return new Opened() {
      @Override
      public Function<String, String> application() {
        return application;
      }

      @Override
      public void close() throws Exception {
        bundle.uninstall();
        CountDownLatch refreshed = new CountDownLatch(1);
        framework.adapt(FrameworkWiring.class).refreshBundles(null, event -> refreshed.countDown());
        refreshed.await(10, TimeUnit.SECONDS);
      }
    };
  }
}
