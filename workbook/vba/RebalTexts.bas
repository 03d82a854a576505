Attribute VB_Name = "RebalTexts"
Option Explicit
Option Private Module
' Written by rebal_xl.excel.addin from the formulas in Python: do not edit.

Public Sub RebalDescribeFormulas()
    RebalDescribe "REBAL_DRIFT", _
        "Where each asset class of the household is, where it should be, its band, and whether it is inside. Spills a table with a header row.", Array( _
        "Lots with their header row, such as Holdings[#All]: Account, Symbol, Quantity, and Asset Class and Price where no securities are given. A whole sheet's columns do as well.", _
        "Asset Class and Target %, such as Targets[#All]; bands too, if you keep them.", _
        "Symbol, Asset Class, Price and what else you know, such as Securities[#All]. Left out where holdings say class and price.", _
        "Account, Tax Treatment and more, such as Accounts[#All]. Left out, treatments are told from the accounts' names.", _
        "Symbol, Asset Class, Weight of funds that hold several classes, such as ClassMix[#All].", _
        "Name and Value of settings, such as Settings[#All]: Method, Minimum Trade $, Horizon and more.")
    RebalDescribe "REBAL_NEEDED", _
        "TRUE when some asset class is outside its trigger band, so that trades are called for.", Array( _
        "Lots with their header row, such as Holdings[#All]: Account, Symbol, Quantity, and Asset Class and Price where no securities are given. A whole sheet's columns do as well.", _
        "Asset Class and Target %, such as Targets[#All]; bands too, if you keep them.", _
        "Symbol, Asset Class, Price and what else you know, such as Securities[#All]. Left out where holdings say class and price.", _
        "Account, Tax Treatment and more, such as Accounts[#All]. Left out, treatments are told from the accounts' names.", _
        "Symbol, Asset Class, Weight of funds that hold several classes, such as ClassMix[#All].", _
        "Name and Value of settings, such as Settings[#All]: Method, Minimum Trade $, Horizon and more.")
    RebalDescribe "REBAL_TRACKING_ERROR", _
        "How far the household's yearly return may stray from its target's: the standard deviation of their difference, 0.02 being 2 % a year.", Array( _
        "Lots with their header row, such as Holdings[#All]: Account, Symbol, Quantity, and Asset Class and Price where no securities are given. A whole sheet's columns do as well.", _
        "Asset Class and Target %, such as Targets[#All]; bands too, if you keep them.", _
        "Symbol, Asset Class, Price and what else you know, such as Securities[#All]. Left out where holdings say class and price.", _
        "Account, Tax Treatment and more, such as Accounts[#All]. Left out, treatments are told from the accounts' names.", _
        "Symbol, Asset Class, Weight of funds that hold several classes, such as ClassMix[#All].", _
        "Covariance of the classes' yearly returns, class by class, with header row. Left out, the shipped assumptions count.", _
        "Name and Value of settings, such as Settings[#All]: Method, Minimum Trade $, Horizon and more.")
    RebalDescribe "REBAL_TRADES", _
        "The most tax-efficient orders that bring the household back to its target, account by account, sells before buys. Spills a table with a header row; takes seconds.", Array( _
        "Lots with their header row, such as Holdings[#All]: Account, Symbol, Quantity, and Asset Class and Price where no securities are given. A whole sheet's columns do as well.", _
        "Asset Class and Target %, such as Targets[#All]; bands too, if you keep them.", _
        "Symbol, Asset Class, Price and what else you know, such as Securities[#All].", _
        "Account, Tax Treatment and more, such as Accounts[#All].", _
        "The tax profile with its header row, such as TaxProfile[#All]: Taxpayer, Type, State, income and more.", _
        "The day that counts as today: a cell with a date. It decides holding periods and wash sales.", _
        "Trades of the last 30 days at least, such as RecentTrades[#All]: Account, Symbol, Date, Side, Quantity. They decide about wash sales.", _
        "Symbol, Asset Class, Weight of funds that hold several classes, such as ClassMix[#All].", _
        "Name and Value of settings, such as Settings[#All]: Method, Minimum Trade $, Horizon and more.")
    RebalDescribe "REBAL_LOTS", _
        "The lots behind every sale of the plan that REBAL_TRADES shows: quantity, proceeds, basis, gain. Spills a table with a header row; takes seconds.", Array( _
        "Lots with their header row, such as Holdings[#All]: Account, Symbol, Quantity, and Asset Class and Price where no securities are given. A whole sheet's columns do as well.", _
        "Asset Class and Target %, such as Targets[#All]; bands too, if you keep them.", _
        "Symbol, Asset Class, Price and what else you know, such as Securities[#All].", _
        "Account, Tax Treatment and more, such as Accounts[#All].", _
        "The tax profile with its header row, such as TaxProfile[#All]: Taxpayer, Type, State, income and more.", _
        "The day that counts as today: a cell with a date. It decides holding periods and wash sales.", _
        "Trades of the last 30 days at least, such as RecentTrades[#All]: Account, Symbol, Date, Side, Quantity. They decide about wash sales.", _
        "Symbol, Asset Class, Weight of funds that hold several classes, such as ClassMix[#All].", _
        "Name and Value of settings, such as Settings[#All]: Method, Minimum Trade $, Horizon and more.")
    RebalDescribe "REBAL_TAX", _
        "What the plan that REBAL_TRADES shows realises and adds to this year's tax, one row per taxpayer. Spills a table with a header row; takes seconds.", Array( _
        "Lots with their header row, such as Holdings[#All]: Account, Symbol, Quantity, and Asset Class and Price where no securities are given. A whole sheet's columns do as well.", _
        "Asset Class and Target %, such as Targets[#All]; bands too, if you keep them.", _
        "Symbol, Asset Class, Price and what else you know, such as Securities[#All].", _
        "Account, Tax Treatment and more, such as Accounts[#All].", _
        "The tax profile with its header row, such as TaxProfile[#All]: Taxpayer, Type, State, income and more.", _
        "The day that counts as today: a cell with a date. It decides holding periods and wash sales.", _
        "Trades of the last 30 days at least, such as RecentTrades[#All]: Account, Symbol, Date, Side, Quantity. They decide about wash sales.", _
        "Symbol, Asset Class, Weight of funds that hold several classes, such as ClassMix[#All].", _
        "Name and Value of settings, such as Settings[#All]: Method, Minimum Trade $, Horizon and more.")
    RebalDescribe "REBAL_TAX_ON", _
        "Federal and state tax, in dollars, that extra capital gains add to the year of a taxpayer; negative where losses save tax. Grantor trusts in the range pay through their grantor.", Array( _
        "The tax profile with its header row, such as TaxProfile[#All]: Taxpayer, Type, State, income and more.", _
        "Extra short-term gain in dollars on top of what the tax profile has; a loss is negative.", _
        "Extra long-term gain in dollars on top of what the tax profile has; a loss is negative.", _
        "Year of the tax law, such as 2026. Left out: the profile's Law Year, else the latest known.")
    RebalDescribe "REBAL_LOCATION_SCORE", _
        "How well the classes are placed among taxable and other accounts: 0 is the worst and 100 the best placement of this mix by its yearly tax.", Array( _
        "Lots with their header row, such as Holdings[#All]: Account, Symbol, Quantity, and Asset Class and Price where no securities are given. A whole sheet's columns do as well.", _
        "Asset Class and Target %, such as Targets[#All]; bands too, if you keep them.", _
        "Symbol, Asset Class, Price and what else you know, such as Securities[#All].", _
        "Account, Tax Treatment and more, such as Accounts[#All].", _
        "The tax profile with its header row, such as TaxProfile[#All]: Taxpayer, Type, State, income and more.", _
        "The day that counts as today: a cell with a date. It decides holding periods and wash sales.", _
        "Symbol, Asset Class, Weight of funds that hold several classes, such as ClassMix[#All].", _
        "Name and Value of settings, such as Settings[#All]: Method, Minimum Trade $, Horizon and more.")
    RebalDescribe "REBAL_HARVEST", _
        "Lots of taxable accounts whose loss is worth taking by the settings Harvest $ and Harvest %, and the days until each turns long-term. Spills a table with a header row.", Array( _
        "Lots with their header row, such as Holdings[#All]: Account, Symbol, Quantity, and Asset Class and Price where no securities are given. A whole sheet's columns do as well.", _
        "Symbol, Asset Class, Price and what else you know, such as Securities[#All].", _
        "Account, Tax Treatment and more, such as Accounts[#All].", _
        "The day that counts as today: a cell with a date. It decides holding periods and wash sales.", _
        "Trades of the last 30 days at least, such as RecentTrades[#All]: Account, Symbol, Date, Side, Quantity. They decide about wash sales.", _
        "Name and Value of settings, such as Settings[#All]: Method, Minimum Trade $, Horizon and more.")
    RebalDescribe "REBAL_WASH", _
        "What must not be bought, or not be sold at a loss, in any account of the household, and until when (IRC 1091). Spills a table with a header row.", Array( _
        "Lots with their header row, such as Holdings[#All]: Account, Symbol, Quantity, and Asset Class and Price where no securities are given. A whole sheet's columns do as well.", _
        "Trades of the last 30 days at least, such as RecentTrades[#All]: Account, Symbol, Date, Side, Quantity. They decide about wash sales.", _
        "The day that counts as today: a cell with a date. It decides holding periods and wash sales.", _
        "Symbol, Asset Class, Price and what else you know, such as Securities[#All]. Left out where holdings say class and price.", _
        "Account, Tax Treatment and more, such as Accounts[#All]. Left out, treatments are told from the accounts' names.")
    RebalDescribe "REBAL_OVERLAP", _
        "What is held in several places: the same security, substantially identical ones, funds of one index, and asset classes that several funds share; with value and share of the household. Spills a table with a header row.", Array( _
        "Lots with their header row, such as Holdings[#All]: Account, Symbol, Quantity, and Asset Class and Price where no securities are given. A whole sheet's columns do as well.", _
        "Symbol, Asset Class, Price and what else you know, such as Securities[#All].", _
        "Symbol, Asset Class, Weight of funds that hold several classes, such as ClassMix[#All].", _
        "Account, Tax Treatment and more, such as Accounts[#All]. Left out, treatments are told from the accounts' names.")
    RebalDescribe "REBAL_TERM", _
        """Short"" or ""Long"": how a gain on shares bought and sold on these days is taxed. Long is held for more than one year. Ranges of days give a range of answers.", Array( _
        "Day or days of purchase, such as a cell with a date or Holdings[Acquired].", _
        "Day or days of sale: one date for all, or as many as days of purchase.")
    RebalDescribe "REBAL_AFTER_TAX_VALUE", _
        "What each account is worth once the tax that waits in it is paid, and the household's total. Spills a table with a header row.", Array( _
        "Lots with their header row, such as Holdings[#All]: Account, Symbol, Quantity, and Asset Class and Price where no securities are given. A whole sheet's columns do as well.", _
        "Account, Tax Treatment and more, such as Accounts[#All].", _
        "The tax profile with its header row, such as TaxProfile[#All]: Taxpayer, Type, State, income and more.", _
        "Symbol, Asset Class, Price and what else you know, such as Securities[#All]. Left out where holdings say class and price.", _
        "The day that counts as today: a cell with a date. It decides holding periods and wash sales.", _
        "Name and Value of settings, such as Settings[#All]: Method, Minimum Trade $, Horizon and more.")
    RebalDescribe "REBAL_CHECK", _
        "Every problem and notice of the input: where it stands, what it is, and what to write instead; or ""No problems"". With a tax profile it also says what a plan could not be made from.", Array( _
        "Lots with their header row, such as Holdings[#All]: Account, Symbol, Quantity, and Asset Class and Price where no securities are given. A whole sheet's columns do as well.", _
        "Asset Class and Target %, such as Targets[#All]; bands too, if you keep them.", _
        "Symbol, Asset Class, Price and what else you know, such as Securities[#All]. Left out where holdings say class and price.", _
        "Account, Tax Treatment and more, such as Accounts[#All]. Left out, treatments are told from the accounts' names.", _
        "The tax profile with its header row, such as TaxProfile[#All]: Taxpayer, Type, State, income and more.", _
        "The day that counts as today: a cell with a date. It decides holding periods and wash sales.", _
        "Trades of the last 30 days at least, such as RecentTrades[#All]: Account, Symbol, Date, Side, Quantity. They decide about wash sales.", _
        "Symbol, Asset Class, Weight of funds that hold several classes, such as ClassMix[#All].", _
        "Name and Value of settings, such as Settings[#All]: Method, Minimum Trade $, Horizon and more.")
    RebalDescribe "REBAL_WHY", _
        "The reason behind the error or the notice of a cell with a REBAL formula; empty when there is nothing to say.", Array( _
        "The cell whose error or notice is to be explained.")
    RebalDescribe "REBAL_VERSION", _
        "Version of the engine that answers these formulas.", Array()
End Sub
