using SecretBridge.DevVault;

return await Launcher.RunAsync(args, Console.In, Console.Out).ConfigureAwait(false);
