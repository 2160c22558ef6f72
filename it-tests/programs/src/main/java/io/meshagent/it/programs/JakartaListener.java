package io.meshagent.it.programs;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

/** Starts and stops a web application's {@link Application}, in containers of {@code jakarta}. */
public final class JakartaListener implements ServletContextListener {

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
