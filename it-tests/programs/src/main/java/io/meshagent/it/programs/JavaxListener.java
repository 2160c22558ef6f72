package io.meshagent.it.programs;

import javax.servlet.ServletContextEvent;
import javax.servlet.ServletContextListener;

/** Starts and stops a web application's {@link Application}, in containers of {@code javax}. */
public final class JavaxListener implements ServletContextListener {

  @Override
  public void contextInitialized(ServletContextEvent event) {
    Application.begin(
        event.getServletContext().getInitParameter("service"),
        event.getServletContext().getInitParameter("name"));
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    Application.end();
  }
}
