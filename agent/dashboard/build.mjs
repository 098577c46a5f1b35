console.log("dashboard: nothing to build yet");
