package dev.keyrack.server.app;

import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.gate.GateSettings;

/** What a gate needs that runs alone: where it answers, and where the keys are. Read by {@link SettingsReader}. */
record GateOnlySettings(GateSettings gate, DatabaseUrl database) {}
