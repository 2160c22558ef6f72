package io.meshagent.core.check;

import java.util.function.Consumer;

/** The agent does nothing, so nothing else is to be looked at. */
final class OffLook implements Look {

  @Override
  public Finding late() {
    return Finding.hint(
        SettingsLook.NAME,
        "enabled=false switches the agent off, so nothing else was looked at",
        "take it out to have the program governed");
  }

  @Override
  public void look(Consumer<Finding> told) {
    told.accept(late());
  }
}
