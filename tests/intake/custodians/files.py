# ruff: noqa: E501 - lines as custodians write them
"""Files of every layout in their custodians' manner, with made-up values: the Parks' accounts in May 2026."""

from pathlib import Path

SCHWAB_HEADER = (
    '"Symbol","Description","Qty (Quantity)","Price","Price Chng $ (Price Change $)","Price Chng % (Price Change %)",'
    '"Mkt Val (Market Value)","Day Chng $ (Day Change $)","Day Chng % (Day Change %)","Cost Basis",'
    '"Gain $ (Gain/Loss $)","Gain % (Gain/Loss %)","Ratings","Reinvest?","Reinvest Capital Gains?",'
    '"% of Acct (% of Account)","Asset Type",'
)
# 1,200.5 shares at $24.10 are $28,932.05; the option is one short contract.
SCHWAB_POSITIONS = "\r\n".join([
    '"Positions for account Individual ...123 as of 12:33 PM ET, 2026/05/04"',
    '""',
    SCHWAB_HEADER,
    '"SCHB","SCHWAB US BROAD MARKET ETF","1,200.5","$24.10","$0.10","0.42%","$28,932.05","$120.05","0.42%",'
    '"$20,100.00","$8,832.05","43.94%","--","Yes","--","81.2%","ETFs & Closed End Funds",',
    '"ACME 04/17/2027 55.00 C","CALL ACME $55","-1","$1.20","$0.00","0%","-$120.00","$0.00","0%","($150.00)","$30.00",'
    '"20%","--","N/A","N/A","--","Option",',
    '"Cash & Cash Investments","--","--","--","--","--","$6,700.00","0%","$0.00","--","--","--","--","--","--","18.8%",'
    '"Cash and Money Market",',
    '"Account Total","","--","--","--","--","$35,512.05","$120.05","0.3%","$19,950.00","$8,862.05","44%","--","--","--",'
    '"--","--",',
    '""',
    '""',
    '"Positions for account Roth Contributory IRA ...456 as of 12:33 PM ET, 2026/05/04"',
    '""',
    SCHWAB_HEADER.replace("Asset Type", "Security Type"),
    '"SCHZ","SCHWAB US AGGREGATE BOND ETF","100","$46.00","-$0.02","-0.04%","$4,600.00","-$2.00","-0.04%","$4,700.00",'
    '"-$100.00","-2.13%","--","No","--","100%","ETFs & Closed End Funds",',
    '"Positions Total","","--","--","--","--","$4,600.00","-$2.00","-0.04%","$4,700.00","-$100.00","-2.13%","--","--",'
    '"--","--","--",',
    "",
])  # fmt: skip
# 700.5 + 500 are the 1,200.5 shares of the file of positions. May 5, 2025 to May 4, 2026 is not more than a year.
SCHWAB_LOTS_OF_ONE = "\r\n".join([
    '"SCHB Lot Details for XXXX-5123 as of 08:03 AM ET, 05/04/2026"',
    '""',
    '"Open Date","Quantity","Price","Cost/Share","Market Value","Cost Basis","Gain/Loss $","Gain/Loss %",'
    '"Holding Period",',
    '"10/30/2017 00:00:00","700.5","$24.10","$14.22","$16,882.05","$9,961.11","$6,920.94","+69.48%","Long Term",',
    '"05/05/2025 00:00:00","500","$24.10","$20.28","$12,050.00","$10,138.89","$1,911.11","+18.85%","Long Term",',
    '"Total","1200.5","--","--","$28,932.05","$20,100.00","$8,832.05","+43.94%","--",',
    "",
])  # fmt: skip
SCHWAB_LOTS = "\n".join([
    "Account Name,Symbol,Open Date,Quantity,Price,Cost Per Share,Market Value,Cost Basis,Gain/Loss ($),Gain/Loss (%),"
    "Holding Period",
    'Individual ...123,SCHB,10/30/2017 00:00:00,700.5,$24.10,$14.22,"$16,882.05","$9,961.11","$6,920.94",+69.48%,'
    "Long Term",
    'Individual ...123,SCHB,--,500,$24.10,Incomplete,"$12,050.00",Incomplete,--,--,--',
    "",
])  # fmt: skip
FIDELITY_POSITIONS = "\ufeff" + "\r\n".join([
    "Account Number,Account Name,Symbol,Description,Quantity,Last Price,Last Price Change,Current Value,"
    "Today's Gain/Loss Dollar,Today's Gain/Loss Percent,Total Gain/Loss Dollar,Total Gain/Loss Percent,"
    "Percent Of Account,Cost Basis Total,Average Cost Basis,Type",
    "Z12345678,Individual - TOD,SPAXX**,HELD IN MONEY MARKET,,,,$5788.53,,,,,12.10%,,,Cash,",
    "Z12345678,Individual - TOD,IVV,ISHARES CORE S&P 500 ETF,2.327,$760.05,+$1.88,$1768.64,+$4.37,+0.24%,+$250.88,"
    "+16.52%,1.65%,$1517.76,$652.24,Cash,",
    "Z12345678,Individual - TOD, -ACME270417C55,CALL (ACME) ACME INC APR 17 27 $55 (100 SHS),-1,$1.20,$0.00,-$120.00,"
    "$0.00,0.00%,+$30.00,+20.00%,-0.25%,$150.00,$1.50,Margin,",
    "Z12345678,Individual - TOD,Pending activity,,,,,$2.28,,,,,,",
    "",
    '"The data and information in this spreadsheet is provided to you solely for your use, and is not an offer."',
    "",
    '"Brokerage services are made up, for example."',
    "",
    '"Date downloaded May-04-2026 4:31 p.m ET"',
    "",
])  # fmt: skip
FIDELITY_LOTS = "\r\n".join([
    "Account Name,Symbol,Description,Acquired,Term,Total Gain/Loss,Total Gain/Loss (%),Current Value,Quantity,"
    "Average Cost Basis,Cost Basis Total",
    "Individual - TOD,IVV,ISHARES CORE S&P 500 ETF,Mar-15-2020,Long,+$150.00,+18%,$988.07,1.3,$644.65,$838.04",
    "Individual - TOD,IVV,ISHARES CORE S&P 500 ETF,Jan-20-2026,Short,+$100.88,+14.84%,$780.57,1.027,$661.85,$679.72",
    "",
])  # fmt: skip
VANGUARD_HOLDINGS = "\r\n".join([
    "Account Number,Investment Name,Symbol,Shares,Share Price,Total Value,",
    "12345678,Vanguard Total Stock Market Index Fund,VTSAX,100.5,120.00,12060.00,",
    "12345678,Vanguard Federal Money Market Fund,VMFXX,250.75,1.0,250.75,",
    "",
    "",
    "Account Number,Trade Date,Settlement Date,Transaction Type,Transaction Description,Investment Name,Symbol,Shares,"
    "Share Price,Principal Amount,Commissions and Fees,Net Amount,Accrued Interest,Account Type,",
    "12345678,04/20/2026,04/20/2026,Dividend,Dividend Received,Vanguard Total Stock Market Index Fund,VTSAX,0.00000,1.0,"
    "60.0,0.0,60.0,0.0,CASH,",
    "12345678,04/20/2026,04/20/2026,Reinvestment,Dividend Reinvestment,Vanguard Total Stock Market Index Fund,VTSAX,"
    "0.50000,120.0,-60.0,0.0,-60.0,0.0,CASH,",
    "12345678,04/22/2026,04/23/2026,Sell,Sell,Vanguard Total Bond Market ETF,BND,-40.00000,73.5,2940.0,0.0,2940.0,0.0,"
    "CASH,",
    "12345678,04/23/2026,04/23/2026,Sweep in,Sweep Into Settlement Fund,Vanguard Federal Money Market Fund,VMFXX,"
    "2940.00000,1.0,-2940.0,0.0,-2940.0,0.0,CASH,",
    "12345678,04/24/2026,04/24/2026,Buy,Buy,Vanguard Federal Money Market Fund,VMFXX,10.00000,1.0,-10.0,0.0,-10.0,0.0,"
    "CASH,",
    "12345678,04/27/2026,04/27/2026,Stock split,Stock Split,Vanguard Total Stock Market Index Fund,VTSAX,1.00000,0.0,0.0,"
    "0.0,0.0,0.0,CASH,",
    "",
])  # fmt: skip
VANGUARD_SEEN = "as of 05/04/2026 02:17 PM, ET"
VANGUARD_LOTS = "\r\n".join([
    '"Cost basis - unrealized gains and losses"',
    f'Account,Symbol/CUSIP,Description,Acquired date,Cost basis method,Quantity,Cost per share,Total cost,"Market value '
    f'{VANGUARD_SEEN}","Short term gain loss {VANGUARD_SEEN}","Long term gain loss {VANGUARD_SEEN}",'
    f'"Total gain loss {VANGUARD_SEEN}",Covered/Non-covered,Percent gain loss',
    '12345678,VTSAX,Vanguard Total Stock Market Index Fund,02/03/2021,Average cost,100,$90.00,"$9,000.00","$12,000.00",'
    '--,"$3,000.00","$3,000.00",Covered,33.33%',
    "12345678,VTSAX,Vanguard Total Stock Market Index Fund,04/20/2026,Average cost,0.5,$120.00,$60.00,$60.00,$0.00,--,"
    "$0.00,Covered,0.00%",
    "",
])  # fmt: skip
PORTAL = "\n".join([
    "Clients: Park family",
    "Registration,Instrument,Position Size,Unit Px,Book,Opened On,Advisor Note",
    "Park Trust,VTI,10,300.00,2000.00,03/02/2020,keep",
    "Park Trust,BND,20,73.50,1500.00,06/01/2025,",
    "",
])  # fmt: skip

OFX_BODY = """
<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20260504<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>
<INVSTMTMSGSRSV1><INVSTMTTRNRS><TRNUID>1
<INVSTMTRS><DTASOF>20260504160000.000[-5:EST]<CURDEF>USD
<INVACCTFROM><BROKERID>example.com<ACCTID>X98765432</INVACCTFROM>
<INVTRANLIST><DTSTART>20260401<DTEND>20260504
<BUYSTOCK><INVBUY><INVTRAN><FITID>1<DTTRADE>20260420120000</INVTRAN>
<SECID><UNIQUEID>922908769<UNIQUEIDTYPE>CUSIP</SECID><UNITS>3<UNITPRICE>300.00<TOTAL>-900.00</INVBUY><BUYTYPE>BUY</BUYSTOCK>
<SELLMF><INVSELL><INVTRAN><FITID>2<DTTRADE>20260421</INVTRAN>
<SECID><UNIQUEID>921937603<UNIQUEIDTYPE>CUSIP</SECID><UNITS>-5<UNITPRICE>9.80<GAIN>-12.50<TOTAL>49</INVSELL></SELLMF>
<REINVEST><INVTRAN><FITID>3<DTTRADE>20260422</INVTRAN>
<SECID><UNIQUEID>921937603<UNIQUEIDTYPE>CUSIP</SECID><UNITS>0.25<UNITPRICE>9.80<TOTAL>-2.45</REINVEST>
</INVTRANLIST>
<INVPOSLIST>
<POSSTOCK><INVPOS><SECID><UNIQUEID>922908769<UNIQUEIDTYPE>CUSIP</SECID><HELDINACCT>CASH<POSTYPE>LONG<UNITS>13
<UNITPRICE>300.00<MKTVAL>3900.00<DTPRICEASOF>20260504
<LOT><UNITS>10<DTACQUIRED>20200302<COSTBASIS>1500.00</LOT>
<LOT><UNITS>3<DTACQUIRED>20260420<COSTBASIS>900.00</LOT>
</INVPOS></POSSTOCK>
<POSMF><INVPOS><SECID><UNIQUEID>921937603<UNIQUEIDTYPE>CUSIP</SECID><HELDINACCT>CASH<POSTYPE>LONG<UNITS>40.25
<UNITPRICE>9.80<MKTVAL>394.45<DTPRICEASOF>20260504<MEMO></INVPOS></POSMF>
<POSOPT><INVPOS><SECID><UNIQUEID>ACMEOPT1<UNIQUEIDTYPE>OTHER</SECID><HELDINACCT>MARGIN<POSTYPE>SHORT<UNITS>1
<UNITPRICE>1.20<MKTVAL>-120.00<DTPRICEASOF>20260504</INVPOS></POSOPT>
</INVPOSLIST>
<INVBAL><AVAILCASH>1234.56<MARGINBALANCE>0.00<SHORTBALANCE>0.00</INVBAL>
</INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1>
<SECLISTMSGSRSV1><SECLIST>
<STOCKINFO><SECINFO><SECID><UNIQUEID>922908769<UNIQUEIDTYPE>CUSIP</SECID><SECNAME>TOTAL STOCK &amp; MORE<TICKER>VTI</SECINFO></STOCKINFO>
<MFINFO><SECINFO><SECID><UNIQUEID>921937603<UNIQUEIDTYPE>CUSIP</SECID><SECNAME>TOTAL BOND<TICKER>VBTLX</SECINFO></MFINFO>
<OPTINFO><SECINFO><SECID><UNIQUEID>ACMEOPT1<UNIQUEIDTYPE>OTHER</SECID><SECNAME>ACME CALL</SECINFO>
<OPTTYPE>CALL<STRIKEPRICE>55.00<DTEXPIRE>20270417<SHPERCTRCT>100<SECID><UNIQUEID>ACME<UNIQUEIDTYPE>OTHER</SECID></OPTINFO>
</SECLIST></SECLISTMSGSRSV1></OFX>
"""
OFX_SGML = (
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:USASCII\r\nCHARSET:1252\r\n"
    "COMPRESSION:NONE\r\nOLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n" + OFX_BODY
)


def put(folder: Path, **texts: str) -> list[Path]:
    """Write files named by the keywords into a folder; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in texts.items():
        path = folder / f"{name}.csv"
        path.write_bytes(text.encode())
        paths.append(path)
    return paths
