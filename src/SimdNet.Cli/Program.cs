System.Console.Error.WriteLine("simdnet");
