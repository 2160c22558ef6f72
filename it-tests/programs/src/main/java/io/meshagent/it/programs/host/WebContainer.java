package io.meshagent.it.programs.host;

import java.io.File;
import java.util.function.Function;
import org.apache.catalina.Context;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;

/**
 * A Tomcat with web applications. What is opened is a directory with a {@code WEB-INF}, whose
 * {@code web.xml} names a listener that starts an application.
 */
public final class WebContainer extends Host {

  private final Tomcat tomcat = new Tomcat();

  private WebContainer() throws Exception {
    tomcat.setBaseDir(new File(".").getAbsolutePath());
    tomcat.setPort(0);
    tomcat.getConnector();
    tomcat.getHost().setAutoDeploy(false);
    tomcat.start();
  }

  public static void main(String[] args) throws Exception {
    WebContainer container = new WebContainer();
    container.obey();
    container.tomcat.stop();
    container.tomcat.destroy();
  }

  @Override
  Opened open(String name, String what) throws Exception {
    Context context = tomcat.addWebapp(tomcat.getHost(), "/" + name, what, new ContextConfig());
    if (!context.getState().isAvailable()) {
      throw new IllegalStateException(name + " did not start");
    }
    return new Opened() {
      @Override
      @SuppressWarnings("unchecked") // what the listener says of itself
      public Function<String, String> application() throws Exception {
        ClassLoader loader = context.getLoader().getClassLoader();
        return (Function<String, String>)
            loader.loadClass(APPLICATION).getMethod("running").invoke(null);
      }

      @Override
      public void close() {
        tomcat.getHost().removeChild(context);
      }
    };
  }
}
